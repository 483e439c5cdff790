"""Noun phrases in a sentence's words: where a speaker's name or description starts and ends.

Ranges are half-open ranges of token numbers. A small grammar over word lists, without a parser.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.discourse.quotations import Token
from rag.discourse.speech_words import (
    CLAUSE_WORDS,
    DETERMINERS,
    HELPERS,
    NEGATIONS,
    ORGANISATIONS,
    OTHER_PRONOUNS,
    PARTICLES,
    PASSIVES,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    ROLES,
    SAYING,
    SAYING_WITH_WORDS,
    TIME_WORDS,
)
from rag.names import country

# A noun phrase such as `a spokesman for the ministry of the interior` is not longer than this.
MAX_PHRASE_WORDS = 12
# Between a speaker and the verb there are at most this many phrases set off by commas.
MAX_INSERTIONS = 3
# Words between a country or company and the role: `Kestrel deputy chief executive Lee`.
MAX_MODIFIERS = 4
VERBS = SAYING | SAYING_WITH_WORDS
CONJUNCTIONS = frozenset({"and", "but", "then", "or"})

_ARTICLES = frozenset("the a an his her its their our no every my your".split())


def subject(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """The noun phrase that a sentence starts with, where its end can be told; a leading phrase
    up to a comma (`In Lima, he`) is left out."""
    start = 0
    for _ in range(MAX_INSERTIONS):
        if word_at(tokens, start) in CONJUNCTIONS | {"yet", "so"}:
            start += 1
        end = phrase_after(tokens, start)
        if end > start and (
            word_at(tokens, start) in PRONOUNS
            or tokens[end - 1].is_name
            or word_at(tokens, end) == ","
            or (
                word_at(tokens, end) in PASSIVES | VERBS | {":"}
                and word_at(tokens, end - 1) in ROLES
            )
        ):
            comma = word_at(tokens, end) == ","
            name = apposed(tokens, end) if comma and describes(tokens, (start, end)) else None
            if name:
                return name
            ends = tokens[end - 1].is_name or not comma
            if ends and word_at(tokens, start) not in PREPOSITIONS | CLAUSE_WORDS:
                return start, end
        stop = next((n for n in range(start, len(tokens)) if tokens[n].text in ",:"), None)
        if stop is None or any(t.is_quotation for t in tokens[start:stop]):
            return None
        start = stop + 1
    return None


def clause_start(tokens: Sequence[Token], place: int) -> int:
    """Where the main clause around a token starts: after `;`, `:`, or the comma of `, and`."""
    return next(
        (
            n + 1
            for n in range(place - 1, -1, -1)
            if tokens[n].text in ";:"
            or (tokens[n].text == "," and word_at(tokens, n + 1) in {"and", "but"})
        ),
        0,
    )


def clause_subjects(tokens: Sequence[Token], place: int) -> list[tuple[int, int]]:
    """The subjects of the clause before a token and of the whole sentence, the nearer one first."""
    start = clause_start(tokens, place)
    near = subject(tokens[start:place])
    found = [(near[0] + start, near[1] + start)] if near else []
    whole = subject(tokens[:place]) if start else None
    return [*found, whole] if whole else found


def subject_before(tokens: Sequence[Token], last: int) -> tuple[int, int] | None:
    """The noun phrase that ends at token `last`, past insertions set off by commas."""
    for _ in range(MAX_INSERTIONS):
        if last < 0:
            return None
        if tokens[last].lower in RELATIVES:
            last -= 2 if word_at(tokens, last - 1) == "," else 1
            continue
        if tokens[last].text not in ",)—":
            return phrase_before(tokens, last)
        opening = {",": ",", ")": "(", "—": "—"}[tokens[last].text]
        first = next((n for n in range(last - 1, -1, -1) if tokens[n].text == opening), None)
        if first is None or any(t.is_quotation for t in tokens[first:last]):
            return None
        outer = phrase_before(tokens, first - 1)
        inner = _whole_name(tokens, first + 1, last)
        if inner and outer and describes(tokens, outer):
            return inner
        last = first - 1
    return None


def describes(tokens: Sequence[Token], phrase: tuple[int, int]) -> bool:
    """Whether a noun phrase describes a person instead of naming one."""
    start, end = phrase
    first = tokens[start]
    return (
        not tokens[end - 1].is_name
        or first.lower in DETERMINERS
        or first.is_possessive
        or any(t.lower in ROLES and not t.is_name for t in tokens[start:end])
    )


def _whole_name(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int] | None:
    """The range if it is a name alone, with or without a title (`the soprano Ann Lee`)."""
    for number in range(start + 1, end):
        # `Ann Lee of the union`: the name ends before the preposition.
        if tokens[number].lower in {"of", "from", "at", "for"} and tokens[number - 1].is_name:
            end = number
            break
    if word_at(tokens, start) == "the" and all(t.is_name for t in tokens[max(0, end - 2) : end]):
        start += 1  # of one word it may be a newspaper: `the Guardian`
    words = tokens[start:end]
    no_name = PREPOSITIONS | RELATIVES | CLAUSE_WORDS | DETERMINERS | VERBS | PASSIVES
    if (
        words
        and words[-1].is_name
        and not words[-1].is_possessive
        and all(t.is_name or t.lower not in no_name for t in words)
        and sum(not t.is_name for t in words) <= MAX_MODIFIERS
    ):
        return start, end
    return None


def apposed(tokens: Sequence[Token], comma: int) -> tuple[int, int] | None:
    """The name between a comma and the next mark (`the envoy, Ann Lee, …`)."""
    end = comma + 1
    while end < len(tokens) and tokens[end].is_word and word_at(tokens, end) not in RELATIVES:
        end += 1
        if end - comma > MAX_PHRASE_WORDS:
            return None
    return _whole_name(tokens, comma + 1, end)


def phrase_before(tokens: Sequence[Token], last: int) -> tuple[int, int] | None:
    """The noun phrase whose last word is token `last`."""
    if last < 0 or not tokens[last].is_word:
        return None
    if tokens[last].lower in PRONOUNS:
        return last, last + 1
    barred = OTHER_PRONOUNS | CLAUSE_WORDS | PREPOSITIONS | PASSIVES | HELPERS | _ARTICLES
    if tokens[last].lower in barred:
        return None
    first = last
    while first > 0 and last - first < MAX_PHRASE_WORDS:
        before = tokens[first - 1]
        word = before.lower
        if tokens[first].lower in DETERMINERS and word not in PREPOSITIONS:
            break
        if not before.is_word:
            break
        if word == "and" and first > 1 and tokens[first].is_name == tokens[first - 2].is_name:
            if not tokens[first].is_name and tokens[first].lower not in DETERMINERS:
                break
        elif word in CLAUSE_WORDS - {"for"} or word in VERBS or word in PASSIVES | PRONOUNS:
            break
        first -= 1
    if first and tokens[first - 1].lower == "who":
        return None
    while first < last and (
        tokens[first].lower in PREPOSITIONS | HELPERS | CLAUSE_WORDS
        # `on Tuesday evening Lee’s board`
        or (
            tokens[first].lower in TIME_WORDS
            and word_at(tokens, first - 1) in TIME_WORDS | PREPOSITIONS
        )
    ):
        first += 1
    return (first, last + 1) if speaks(tokens, first, last + 1) else None


def phrase_after(tokens: Sequence[Token], start: int) -> int:
    """The end of the noun phrase that starts at a token; `start` where there is none."""
    end = start
    while end < len(tokens) and end - start < MAX_PHRASE_WORDS:
        token = tokens[end]
        word = token.lower
        if not token.is_word:
            break
        if word in PRONOUNS:
            return end + 1 if end == start else end
        if word == "and" and _joins_places(tokens, start, end):
            end += 1
            continue
        if word in CLAUSE_WORDS - {"for"} or word in PASSIVES | NEGATIONS:
            break
        if word in VERBS and word_at(tokens, end - 1) not in DETERMINERS:
            break
        if word in HELPERS | OTHER_PRONOUNS and word not in DETERMINERS:
            break
        if word in TIME_WORDS or (word in PREPOSITIONS and end == start):
            break
        after_name = end > start and tokens[end - 1].is_name and not token.is_name
        if after_name and word not in PARTICLES and not _goes_on(tokens, end):
            break
        end += 1
    while end > start and tokens[end - 1].lower in PREPOSITIONS | DETERMINERS | HELPERS:
        end -= 1
    return end


def _joins_places(tokens: Sequence[Token], start: int, number: int) -> bool:
    """Whether an `and` stands in `the mayors of Beja and Odemira`: two names of several people."""
    of = next((n for n in range(start + 1, number) if tokens[n].lower == "of"), None)
    return (
        of is not None
        and not tokens[of - 1].is_name
        and tokens[of - 1].lower.endswith("s")
        and tokens[number - 1].is_name
        and number + 1 < len(tokens)
        and tokens[number + 1].is_name
    )


def _goes_on(tokens: Sequence[Token], number: int) -> bool:
    """Whether a noun phrase goes on after a name: `Iceland’s envoy`, `Kestrel chief executive`."""
    if tokens[number - 1].is_possessive or tokens[number].lower == "of":
        return True
    small = PREPOSITIONS | CLAUSE_WORDS | HELPERS | VERBS | PASSIVES | TIME_WORDS | DETERMINERS
    if tokens[number].is_word and tokens[number].lower not in small | PARTICLES:
        # `the Indian delegate`, `Wadena delegate Ann Lee`
        if country(tokens[number - 1].text) and word_at(tokens, number - 2) in DETERMINERS:
            return True
        if number + 2 < len(tokens) and all(t.is_name for t in tokens[number + 1 : number + 3]):
            return True
    for token in tokens[number : number + MAX_MODIFIERS]:
        word = token.lower
        if not token.is_word or word in PREPOSITIONS | CLAUSE_WORDS | DETERMINERS | HELPERS:
            return False
        if word in ROLES | ORGANISATIONS or word.rstrip("s") in ROLES:
            return True
        if word in VERBS | PASSIVES:
            return False
    return False


def speaks(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a phrase can be a speaker: it has a noun that is no bare number or pronoun."""
    words = tokens[start:end]
    return any(
        t.is_name
        or t.lower in PRONOUNS
        or (t.text.isalpha() and t.lower not in DETERMINERS)
        or "-" in t.text
        or "’" in t.text
        or "'" in t.text
        for t in words
    ) and not any(t.lower in OTHER_PRONOUNS - DETERMINERS for t in words[:1])


def outer_start(tokens: Sequence[Token], start: int) -> int:
    """Where a speaker starts with what describes it: `the envoy, Ann Lee,` at `the`."""
    if start > 1 and tokens[start - 1].text == "," and not tokens[start - 2].is_quotation:
        outer = phrase_before(tokens, start - 2)
        if outer and describes(tokens, outer) and outer[0] and not tokens[outer[0] - 1].is_word:
            return outer[0]
    return start


def owner_before(tokens: Sequence[Token], last: int) -> tuple[int, int] | None:
    """The phrase of a possessive: the name alone, else the noun phrase."""
    first = last
    small = PREPOSITIONS | CLAUSE_WORDS | DETERMINERS
    while first > 0 and tokens[first - 1].is_name and tokens[first - 1].lower not in small:
        first -= 1
    return (first, last + 1) if tokens[last].is_name else phrase_before(tokens, last)


def word_at(tokens: Sequence[Token], number: int) -> str:
    return tokens[number].lower if 0 <= number < len(tokens) else ""
