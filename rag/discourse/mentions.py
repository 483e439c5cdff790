"""The names of people, countries and organisations in a text, from capitals and word lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.discourse.quotations import Neighbourhood, Token
from rag.discourse.speech_words import (
    ABBREVIATED,
    AUXILIARIES,
    CLAUSE_WORDS,
    DETERMINERS,
    HELPERS,
    MONTHS,
    NO_NAMES,
    ORGANISATIONS,
    OTHER_PRONOUNS,
    PARTICLES,
    PREPOSITIONS,
    ROLES,
    SAYING,
    SAYING_AND_NOUNS,
    TIME_WORDS,
    TITLES,
    WEEKDAYS,
)
from rag.names import country
from rag.types import Span

# Where a document introduces whom it speaks of: in its first characters.
LEAD_CHARS = 3000
# A name has at most this many words; longer runs of capitals are headings.
MAX_NAME_WORDS = 8

_DAYS_AND_MONTHS = WEEKDAYS | MONTHS
_NEVER_SURNAMES = (
    NO_NAMES | ORGANISATIONS | ROLES | TITLES | SAYING | MONTHS | TIME_WORDS | OTHER_PRONOUNS
) | {"whoever", "whatever", "police"}
_NO_VERBS = DETERMINERS | PREPOSITIONS | OTHER_PRONOUNS | CLAUSE_WORDS | TIME_WORDS
# `Hollin told …`, but not `Budget estimates …`, `Student protest …`.
_SPEAKS = SAYING - SAYING_AND_NOUNS - {"protest"}
_SENTENCE_ENDS = frozenset(".!?…”\"’'")
# What abstract and collective nouns end with (`Judgment is …`, `Inflation has …`).
_NOUN_ENDINGS = tuple(
    "tion sion ment ness ity ism tance rance mance dence tence ing ship dom ics logy ure".split()
)


def name_runs(near: Neighbourhood, within: Span) -> list[Span]:
    """The names of people, countries and organisations in a range, without titles, in order.

    Names inside quotations are left out.
    """
    tokens = near.tokens(within)
    starts = {sentence.start for sentence in near.sentences}
    found = [
        trimmed for run in _runs(tokens) if (trimmed := _trim(near.text, run, starts)) is not None
    ]
    return sorted(set(found))


def bare_surname(near: Neighbourhood, sentence: Span) -> Span | None:
    """The one capitalised word that a sentence is about, where it can be a person's name.

    Unlike `name_runs`, which needs the word inside a sentence as well, this takes whoever speaks
    (`Hollin told …`) or is told of by `who` (`Minns, who …`) and is never written small: whom the
    reader of a report knows from another one. With another singular verb (`Hollin came …`) the
    word has to be a name elsewhere, too: `Traffic was heavy` is about nobody.
    """
    tokens = near.tokens(sentence)[:4]
    ends = near.text[sentence.end - 1] in _SENTENCE_ENDS  # a heading is about nobody
    if len(tokens) < 3 or not ends or not _may_stand_alone(tokens[0]) or tokens[1].is_name:
        return None
    word, following = tokens[0], tokens[1].lower
    plural = word.lower.endswith("s")
    if following == ",":
        parted = [token.lower for token in tokens[2:4]]
        person = parted[:1] == ["who"]
        verb = not plural and len(parted) == 2 and parted[0] in HELPERS and parted[1] == ","
    else:
        verb = _is_singular_verb(following, plural=plural)
        after = tokens[2].lower
        person = verb and (
            following in _SPEAKS
            or (following in {"has", "had"} and after in _SPEAKS)
            or (following in {"is", "was"} and after in {"asked", "told"})
        )
    if not (verb or person) or re.search(rf"\b{re.escape(word.lower)}\b", near.text):
        return None
    known = person or _seen_inside(near.text, word) or _has_title(near.text, word)
    return Span(word.start, word.end) if known else None


def _has_title(text: str, word: Token) -> bool:
    """Whether a word stands behind an abbreviated title somewhere: `Mr. Hollin`."""
    before = re.finditer(rf"\b([A-Z]\w+)\. {re.escape(word.text)}\b", text)
    return any(
        found[1].lower() in TITLES and ABBREVIATED.fullmatch(f"{found[1]}.") for found in before
    )


def _may_stand_alone(word: Token) -> bool:
    return (
        word.is_name
        and word.text[1:].isalpha()
        and word.text[1:].islower()
        and word.lower not in _NEVER_SURNAMES
        and not word.lower.endswith(_NOUN_ENDINGS)
        and not country(word.text)
    )


def _is_singular_verb(word: str, *, plural: bool) -> bool:
    """Whether a word can be the verb of one person; after a `plural`, only what no plural takes."""
    if word in _NO_VERBS:
        return False
    if word in {"is", "was", "has", "does"} or (
        len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    ):
        return True
    return not plural and (word in AUXILIARIES | SAYING or word.endswith("ed"))


def _runs(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Runs of capitalised words; particles, `of` and `&` join some."""
    run: list[Token] = []
    for number, token in enumerate(tokens):
        if token.is_name and token.is_word:
            run.append(token)
            if token.is_possessive and not _owns_name(token, tokens[number + 1 : number + 2]):
                yield run
                run = []
        elif run and _joins(run, tokens[number : number + 3]):
            run.append(token)
        else:
            if run:
                yield _without_tail(run)
            run = []
    if run:
        yield _without_tail(run)


def _owns_name(token: Token, following: Sequence[Token]) -> bool:
    """Whether a possessive is inside an organisation's name (`Farmers’ League`)."""
    return (
        bool(following)
        and following[0].is_name
        and following[0].lower.rstrip(".") in ORGANISATIONS
        and not country(token.text[: len(token.text) - _possessive_length(token)])
    )


def _joins(run: Sequence[Token], following: Sequence[Token]) -> bool:
    """Whether a lower-case word after a run belongs to the name, with the capital that follows."""
    word = following[0].lower
    rest = [token for token in following[1:] if token.lower not in {"the", *PARTICLES}]
    if not rest or not rest[0].is_name:
        return False
    if word in PARTICLES or word == "&":
        return True
    last = [token.lower for token in run if token.is_name]
    if word == "of":
        return bool(last) and last[-1] in ORGANISATIONS
    return word == "the" and run[-1].lower == "of"


def _without_tail(run: list[Token]) -> list[Token]:
    while run and not run[-1].is_name:
        run = run[:-1]
    return run


def _trim(text: str, run: Sequence[Token], starts: set[int]) -> Span | None:
    """The run without leading titles, roles and words that only stand first in a sentence."""
    words = list(run)
    while words and (words[0].lower in NO_NAMES or not words[0].is_name):
        words = words[1:]
    if len(words) > 1 and words[0].lower in SAYING:
        words = words[1:]
    if words and len(words) <= MAX_NAME_WORDS:
        words = without_titles(words)
    if not words or all(_is_date(word) for word in words):
        return None
    if len(words) == 1 and words[0].start in starts and not _seen_inside(text, words[0]):
        return None
    end = words[-1].end - (_possessive_length(words[-1]))
    return Span(words[0].start, end) if end > words[0].start else None


def without_titles(words: Sequence[Token]) -> list[Token]:
    """A run of words without leading titles and roles (`Foreign Minister Ann Lee`: Ann Lee)."""
    kept = list(words)
    while kept and (_bare(kept[0]) in TITLES or _bare(kept[0]) in ROLES):
        kept = kept[1:]
    # `Nationality` before a title: `Peruvian Foreign Minister Pando`.
    for number, word in enumerate(kept[:-1]):
        if number and _bare(word) in TITLES and _bare(word) not in ORGANISATIONS:
            kept = without_titles(kept[number:])
            break
    if len(kept) >= 3 and kept[0].lower.endswith(("ist", "ologist", "grapher")):
        kept = kept[1:]
    return kept


def _bare(word: Token) -> str:
    return word.lower.rstrip(".")


def _is_date(word: Token) -> bool:
    return word.lower.rstrip(".") in _DAYS_AND_MONTHS


def _possessive_length(word: Token) -> int:
    if word.text.endswith(("’s", "'s")):
        return 2
    return 1 if word.text.endswith(("’", "'")) else 0


def _seen_inside(text: str, word: Token) -> bool:
    """Whether a word that starts a sentence is written with a capital inside one, too."""
    bare = word.text[: len(word.text) - _possessive_length(word)]
    if country(bare) or bare.isupper() or re.search(r"\w[A-Z]", bare):
        return True
    low, high = max(0, word.start - LEAD_CHARS), word.end + LEAD_CHARS
    return any(_inside_sentence(text, bare, a, b) for a, b in ((low, high), (0, LEAD_CHARS)))


def _inside_sentence(text: str, word: str, low: int, high: int) -> bool:
    """Whether a range holds a word that no sentence starts with there."""
    found = text.find(f" {word}", low, high)
    while found > 0:
        before, after = text[found - 1], text[found + 1 + len(word) : found + 2 + len(word)]
        if (before.isalnum() or before in ',;’”"') and not after.isalnum():
            return True
        found = text.find(f" {word}", found + 1, high)
    return False
