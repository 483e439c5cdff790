"""Clauses of saying in one sentence: the speaker's noun phrase, the verb, the reported words.

A small grammar over word lists. `Lee said that …`, `…, said Lee`, `according to Lee`, `Lee’s remark
that …`, `was called “…” by Lee`; what is only refused, declined or denied a comment is no saying.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.discourse.cues import Cue, according, quoted_after, utterance, words_after, words_before
from rag.discourse.phrases import (
    CONJUNCTIONS,
    VERBS,
    apposed,
    describes,
    outer_start,
    phrase_after,
    phrase_before,
    speaks,
    subject,
    subject_before,
    word_at,
)
from rag.discourse.quotations import Token
from rag.discourse.speech_words import (
    AUXILIARIES,
    CLAIMS,
    CLAUSE_WORDS,
    DENIALS,
    DETERMINERS,
    DOUBTING,
    HELPERS,
    INVERTING,
    NEGATIONS,
    PARTICIPLES,
    PASSIVES,
    PREPOSITIONS,
    PRONOUNS,
    QUESTIONS,
    RELATIVES,
    ROLES,
    SAYING,
    SAYING_AND_NOUNS,
    SAYING_WITH_WORDS,
    TALK,
    TELLING,
    TIME_WORDS,
    TOLD_THINGS,
    UTTERANCES,
    VIEWS,
)

# `called that claim “…”`: so many words may stand between the verb and the quotation.
MAX_WORDS_TO_QUOTATION = 8
# `told reporters in Lima on Monday that`.
MAX_WORDS_TO_THAT = 8
# `asked the council if`; later, an `if` sets a condition.
MAX_WORDS_TO_IF = 3
# `Lee said in Lima on Monday.` after the reported words.
MAX_WORDS_AFTER_VERB = 12

_ENDS = frozenset(".?!;:")
_INDIRECT_QUESTIONS = frozenset("whether if who what why how when where".split())
_DOUBTED = _INDIRECT_QUESTIONS | {"that", *CLAIMS}
# `denied reports`: what a verb is followed by is its noun.
_TAKING_NOUNS = ((VERBS | PARTICIPLES) - SAYING_AND_NOUNS) | DENIALS
# `told of this`, `accused of theft`: what is done to the person before, who says nothing.
_HEARING = frozenset("told asked accused".split())
# `said no to the pact`: a side taken, in nobody's words.
_SIDES = frozenset({"yes", "no"})
_JUDGED = frozenset("it him her them that this its his their".split())
_OBJECTS = frozenset("out him her them us me it reporters".split())


def cues(tokens: Sequence[Token]) -> list[Cue]:
    """The sayings of a sentence, in order of their verbs."""
    found: list[Cue] = []
    for number, token in enumerate(tokens):
        if not token.is_word:
            continue
        word = token.lower
        cue = None
        if word in VERBS or (word in DOUBTING and word_at(tokens, number + 1) in _DOUBTED):
            cue = _verb(tokens, number, found)
        elif word in PARTICIPLES:
            cue = _participle(tokens, number, found)
        elif word == "according" and word_at(tokens, number + 1) == "to":
            cue = according(tokens, number)
        if cue is None and word in UTTERANCES | TALK | VIEWS:
            cue = utterance(tokens, number)
        if cue is not None:
            found.append(cue)
    return found


def _verb(tokens: Sequence[Token], verb: int, found: Sequence[Cue]) -> Cue | None:
    """The saying of a verb, active or passive."""
    word = tokens[verb].lower
    before = _skip_helpers(tokens, verb - 1)
    if before is None or word_at(tokens, before) == "to":
        return None
    if word_at(tokens, before) in PASSIVES:
        return _passive(tokens, verb, before)
    if _is_noun(tokens, verb):
        return None
    inverted = _inverted(tokens, verb)
    if inverted:
        return inverted
    if word_at(tokens, before) in CONJUNCTIONS | {"having"}:
        phrase = found[-1].phrase if found else subject(tokens)
    else:
        phrase = subject_before(tokens, before)
    following = word_at(tokens, verb + 1)
    if phrase is None or following == "so" or (word in _HEARING and following in {"of", "about"}):
        return None
    if following in _SIDES and word_at(tokens, verb + 2) == "to":
        return None
    return _reported(tokens, phrase, verb, word)


def _skip_helpers(tokens: Sequence[Token], number: int) -> int | None:
    """The last token before helpers and adverbs of a verb; None where the verb is negated."""
    while number >= 0 and tokens[number].is_word:
        word = tokens[number].lower
        if word in NEGATIONS or word == "without":
            return None
        if word in HELPERS or (word.endswith("ly") and not tokens[number].is_name):
            number -= 1
        elif word in TIME_WORDS and number and _is_time(tokens, number):
            number -= 1
            if word_at(tokens, number) in {"on", "of"}:
                number -= 1
        else:
            break
    return number


def _is_time(tokens: Sequence[Token], number: int) -> bool:
    """Whether a weekday stands for a time before a verb (`Lee on Monday said`)."""
    return tokens[number].is_name or word_at(tokens, number - 1) in TIME_WORDS


def _is_noun(tokens: Sequence[Token], number: int) -> bool:
    """Whether a form that is also a noun (`claims`, `reports`) is one here."""
    token = tokens[number]
    if token.lower not in SAYING_AND_NOUNS or number == 0:
        return token.lower in SAYING_AND_NOUNS
    before = tokens[number - 1]
    return (
        before.is_possessive
        or before.lower in DETERMINERS | PREPOSITIONS | _TAKING_NOUNS
        or (
            not (
                before.is_name or before.lower in PRONOUNS | ROLES | RELATIVES or not before.is_word
            )
            and not _leads_to_words(tokens, number)
        )
    )


def _passive(tokens: Sequence[Token], verb: int, helper: int) -> Cue | None:
    """`The plan was described by Lee as “…”`; `Lee was quoted as saying …`."""
    if tokens[verb].lower in {"quoted", "cited", "reported"}:
        if word_at(tokens, verb + 1) == "as" and word_at(tokens, verb + 2) == "saying":
            phrase = phrase_before(tokens, helper - 1)
            return phrase and Cue(phrase, verb, words_after(tokens, verb + 3), True)
        return None
    for number in range(verb + 1, min(len(tokens), verb + MAX_WORDS_TO_QUOTATION)):
        if word_at(tokens, number) == "by":
            end = phrase_after(tokens, number + 1)
            if end > number + 1 and speaks(tokens, number + 1, end):
                phrase = (number + 1, end)
                if word_at(tokens, end) == "," and describes(tokens, phrase):
                    phrase = apposed(tokens, end) or phrase
                return Cue(phrase, verb, quoted_after(tokens, phrase[1]), True)
        if tokens[number].text in _ENDS:
            break
    return None


def _inverted(tokens: Sequence[Token], verb: int) -> Cue | None:
    """`“…,” said Lee, the minister.` and `…, said Lee.`"""
    start = verb + 1
    before = tokens[verb - 1] if verb else None
    if before is None or not (before.is_quotation or before.text == ","):
        return None
    end = phrase_after(tokens, start)
    if end <= start or not speaks(tokens, start, end):
        return None
    after = word_at(tokens, end)
    closes = (
        end == len(tokens)
        or tokens[end].text in ".,;:—("
        or after in RELATIVES | {"of", "in", "on"}
    )
    if not before.is_quotation and not (
        closes and tokens[verb].lower in INVERTING and _person_like(tokens, start, end)
    ):
        return None
    if after == "," and describes(tokens, (start, end)):
        named = apposed(tokens, end)
        if named:
            return Cue(named, verb, words_before(tokens, verb), before.is_quotation)
    return Cue((start, end), verb, words_before(tokens, verb), before.is_quotation)


def _person_like(tokens: Sequence[Token], start: int, end: int) -> bool:
    return tokens[end - 1].is_name or any(t.lower in ROLES for t in tokens[start:end])


def _leads_to_words(tokens: Sequence[Token], verb: int) -> bool:
    """Whether `that`, a colon or a quotation follows a verb soon."""
    for number in range(verb + 1, min(len(tokens), verb + 1 + MAX_WORDS_TO_QUOTATION)):
        token = tokens[number]
        if token.is_quotation or token.text == ":":
            return True
        if token.lower == "that" and (
            number == verb + 1
            or tokens[verb].lower in SAYING
            or word_at(tokens, verb + 1) in PREPOSITIONS | TIME_WORDS | HELPERS | _OBJECTS
            or tokens[verb + 1].is_name
            or (tokens[verb].lower in DENIALS and tokens[number - 1].lower in CLAIMS)
        ):
            return True
        if _asks(tokens, verb, number):
            return True
        if token.text in _ENDS or token.text == ",":
            return False
    return False


def _asks(tokens: Sequence[Token], verb: int, number: int) -> bool:
    """Whether a token starts what a verb asks: `asked reporters whether`, `wondered if`."""
    word = tokens[number].lower
    asked = word == "whether" or (word == "if" and number - verb <= MAX_WORDS_TO_IF)
    return asked and tokens[verb].lower in QUESTIONS


def _reported(tokens: Sequence[Token], phrase: tuple[int, int], verb: int, word: str) -> Cue | None:
    """The saying of `Lee said …` or `…, Lee said`, where there are words that it reports."""
    ahead = _leads_to_words(tokens, verb)
    start = outer_start(tokens, phrase[0])
    previous = tokens[start - 1] if start else None
    quoted_before = previous is not None and (
        previous.is_quotation or (previous.text == "," and tokens[start - 2].is_quotation)
    )
    relative = any(t.lower in RELATIVES for t in tokens[phrase[1] : verb])
    after = _after_hearer(tokens, verb)
    behind = quoted_before or (
        previous is not None
        and previous.text == ","
        and start > 2
        and not relative
        and _closes(tokens, verb)
        and (after == verb + 1 or word_at(tokens, after) == "," or _is_clause(tokens[: start - 1]))
    )
    colon = word_at(tokens, verb + 1) == ":"
    if behind and not colon and not (ahead and not quoted_before):
        before = words_before(tokens, start)
        if word_at(tokens, after) == "," and not quoted_before:
            before = before[0], words_after(tokens, after + 1)[1]
        return Cue(phrase, verb, before, quoted_before)
    if relative and word.startswith(("explain", "suggest")):
        return None
    follows = word_at(tokens, verb + 1)
    judged = word in {"called", "calls", "call"} and follows in _JUDGED
    if word in SAYING_WITH_WORDS and not ahead and not judged:
        return None
    if word in {"asked", "asks", "ask"} and not ahead and follows not in _INDIRECT_QUESTIONS:
        return None
    if verb + 1 >= len(tokens) or (follows in _ENDS and follows != ":"):
        return Cue(phrase, verb, (0, phrase[0]), False) if phrase[0] > 2 else None
    start = _complement(tokens, verb)
    if word in SAYING_WITH_WORDS and start == verb + 1 and follows != ":":
        return Cue(phrase, verb, quoted_after(tokens, start), ahead)
    return Cue(phrase, verb, words_after(tokens, start), ahead)


def _complement(tokens: Sequence[Token], verb: int) -> int:
    """Where the reported words start: after `that` and `whether`, past hearers and times."""
    for number in range(verb + 1, min(len(tokens), verb + MAX_WORDS_TO_THAT)):
        if not tokens[number].is_word or tokens[number].lower in PASSIVES | HELPERS:
            break
        if tokens[number].lower == "that" or _asks(tokens, verb, number):
            return number + 1
    return verb + 1


def _after_hearer(tokens: Sequence[Token], verb: int) -> int:
    """The token behind a verb, or behind who is told: `Lee told the paper`, not `a joke`."""
    if tokens[verb].lower not in TELLING:
        return verb + 1
    end = phrase_after(tokens, verb + 1)
    told = {token.lower for token in tokens[verb + 1 : end]}
    return verb + 1 if told & TOLD_THINGS else end


def _is_clause(tokens: Sequence[Token]) -> bool:
    """Whether words are a clause of their own, and no time or place (`after the fire in Lima`)."""
    words = [token.lower for token in tokens]
    leads = PREPOSITIONS | CLAUSE_WORDS
    return words[0] not in leads and any(word in AUXILIARIES | VERBS for word in words)


def _closes(tokens: Sequence[Token], verb: int) -> bool:
    """Whether the sentence or clause ends after a verb, its hearer, its time and its place."""
    number = first = _after_hearer(tokens, verb)
    while number < len(tokens) and number - verb <= MAX_WORDS_AFTER_VERB:
        token = tokens[number]
        if not token.is_word:
            return token.text in ".,;?!" and not token.is_quotation
        if number == first and token.lower not in TIME_WORDS | PREPOSITIONS | {"this"}:
            return False
        if token.lower in PASSIVES | VERBS | PRONOUNS | {"would", "will", "had", "has", "have"}:
            return False
        number += 1
    return number >= len(tokens)


def _participle(tokens: Sequence[Token], verb: int, found: Sequence[Cue]) -> Cue | None:
    """`…, adding that …`: the speaker is the subject of what stands before."""
    if verb and tokens[verb - 1].is_name and word_at(tokens, verb) == "saying":
        phrase = phrase_before(tokens, verb - 1)
        if phrase and word_at(tokens, phrase[0] - 1) == "with":
            return Cue(phrase, verb, words_after(tokens, verb + 1), True)
    before = word_at(tokens, verb - 1)
    if before not in {",", "and", "by", "before"} or not _leads_to_words(tokens, verb):
        return None
    phrase = found[-1].phrase if found else subject(tokens)
    return phrase and Cue(phrase, verb, words_after(tokens, verb + 1), True)
