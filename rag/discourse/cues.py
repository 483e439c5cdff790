"""A saying in a sentence's words, and those told by nouns: `Lee’s remark that …`, `in her view`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.discourse.phrases import (
    VERBS,
    apposed,
    describes,
    owner_before,
    phrase_after,
    speaks,
    word_at,
)
from rag.discourse.quotations import Token
from rag.discourse.speech_words import (
    AUXILIARIES,
    MONTHS,
    PASSIVES,
    PRONOUNS,
    TALK,
    UTTERANCES,
    VIEWS,
)

# `Lee’s complaint about rent was “…”`: so many words may stand before the quotation.
MAX_WORDS_TO_QUOTATION = 8

_POSSESSIVES = frozenset({"his", "her", "their", "its"})
_ENDS = frozenset(".?!;:")
_JUDGEMENTS = VIEWS - {"words", "eyes", "telling"}
_CUTS = frozenset("but while whereas although though".split())


@dataclass(frozen=True, slots=True)
class Cue:
    """A saying: ranges of token numbers of its sentence, half-open.

    `adjacent` says that the reported words are or start or end with a quotation beside the verb.
    """

    phrase: tuple[int, int]
    verb: int
    reported: tuple[int, int]
    adjacent: bool
    is_noun: bool = False


def according(tokens: Sequence[Token], number: int) -> Cue | None:
    start = number + 2
    end = phrase_after(tokens, start)
    if end <= start or not speaks(tokens, start, end):
        return None
    phrase = (start, end)
    if word_at(tokens, end) == "," and describes(tokens, phrase):
        phrase = apposed(tokens, end) or phrase
    if number <= 1:
        comma = next((n for n in range(end, len(tokens)) if tokens[n].text == ","), end)
        return Cue(phrase, number, words_after(tokens, comma + 1), False)
    return Cue(phrase, number, words_before(tokens, number), False)


def utterance(tokens: Sequence[Token], noun: int) -> Cue | None:
    """`Lee’s remark that …`, `a remark by Lee that …`, `in Lee’s view`, `in the words of Lee`."""
    word = tokens[noun].lower
    if word_at(tokens, noun + 1) == "of" and word_at(tokens, noun - 1) == "the":
        return _in_the_words_of(tokens, noun) if word in VIEWS else None
    owner = next((n for n in range(noun - 1, max(-1, noun - 4), -1) if _owns(tokens[n])), None)
    if owner is None:
        return _remark_by(tokens, noun) if word in UTTERANCES else None
    pronoun = tokens[owner].lower in _POSSESSIVES
    phrase = (owner, owner + 1) if pronoun else owner_before(tokens, owner)
    if phrase is None:
        return None
    if word in VIEWS and word_at(tokens, phrase[0] - 1) in {"in", "by", "on"}:
        beside = words_before(tokens, phrase[0] - 1) if phrase[0] > 2 else None
        return Cue(phrase, noun, beside or words_after(tokens, noun + 1), False)
    start = noun + 1
    if word_at(tokens, start) in PASSIVES and word_at(tokens, start + 1) == "that":
        # `Lee’s answer was that …` is what Lee says, no words that are spoken about.
        return (
            Cue(phrase, noun, words_after(tokens, start + 1), False) if word in UTTERANCES else None
        )
    told = word_at(tokens, start) in {"that", "about", ":"} or _quoted_soon(tokens, noun)
    told = told or (word in TALK and word_at(tokens, start) == "of")
    if word in UTTERANCES | TALK and told:
        return Cue(phrase, noun, _remark(tokens, noun + 1), True, is_noun=True)
    return None


def _remark_by(tokens: Sequence[Token], noun: int) -> Cue | None:
    """`A remark by Lee that …`, `a comment from Lee: “…”`; nothing for `by him`, `by March`."""
    start = noun + 2
    end = phrase_after(tokens, start)
    if word_at(tokens, noun + 1) not in {"by", "from"} or end <= start:
        return None
    if tokens[start].lower in PRONOUNS | MONTHS or not speaks(tokens, start, end):
        return None
    if not (word_at(tokens, end) == "that" or tokens[min(end, len(tokens) - 1)].is_quotation):
        return None
    return Cue((start, end), noun, _remark(tokens, end), True, is_noun=True)


def _in_the_words_of(tokens: Sequence[Token], noun: int) -> Cue | None:
    start = noun + 2
    end = phrase_after(tokens, start)
    quoted = any(t.is_quotation for t in tokens[end : end + 4])
    # `…, in the view of Lee` behind the words; `the words of Lee` without marks are none.
    behind = tokens[noun].lower in _JUDGEMENTS and word_at(tokens, noun - 2) in {"in", "by"}
    behind = behind and noun > 3 and tokens[noun - 3].text == ","
    if end <= start or not (quoted or behind) or not speaks(tokens, start, end):
        return None
    phrase = (start, end)
    if word_at(tokens, end) == "," and describes(tokens, phrase):
        phrase = apposed(tokens, end) or phrase
    if behind and not quoted:
        return Cue(phrase, noun, words_before(tokens, noun - 2), False)
    return Cue(phrase, noun, words_after(tokens, end), True)


def _remark(tokens: Sequence[Token], start: int) -> tuple[int, int]:
    """What follows a noun of saying, up to a quotation's end, a comma or the sentence's verb."""
    of_talk = tokens[start - 1].lower in TALK and word_at(tokens, start) == "of"
    about = of_talk or word_at(tokens, start) == "about"
    if word_at(tokens, start) in {"that", ":"} and start + 1 < len(tokens):
        start += 1
    end = start
    while end < len(tokens):
        token = tokens[end]
        if token.is_quotation and not about:
            return start, end + 1
        if token.text in ",;:" or (about and token.lower == "that"):
            break
        if (about and token.lower in PASSIVES | VERBS) or (of_talk and token.lower in AUXILIARIES):
            break
        end += 1
    return start, max(end, start + 1)


def _quoted_soon(tokens: Sequence[Token], noun: int) -> bool:
    for token in tokens[noun + 1 : noun + 1 + MAX_WORDS_TO_QUOTATION]:
        if token.is_quotation:
            return True
        if token.text in _ENDS or token.text == "," or token.lower in VERBS | PASSIVES:
            return False
    return False


def _owns(token: Token) -> bool:
    return token.is_possessive or token.lower in _POSSESSIVES


def words_after(tokens: Sequence[Token], start: int) -> tuple[int, int]:
    """The reported words that start at a token: up to the clause's end."""
    while start < len(tokens) - 1 and (
        tokens[start].text in ",:" or word_at(tokens, start) == "that"
    ):
        start += 1
    end = start
    while end < len(tokens):
        following = word_at(tokens, end + 2 if tokens[end].text == "," else end + 1)
        if tokens[end].text == ";" and following not in PRONOUNS:
            break
        if tokens[end].text == "," and word_at(tokens, end + 1) in _CUTS and following != "that":
            break
        end += 1
    return start, max(end, min(start + 1, len(tokens)))


def quoted_after(tokens: Sequence[Token], start: int) -> tuple[int, int]:
    """The reported words from the first quotation on (`called it “…”`), or all where none is."""
    first, end = words_after(tokens, start)
    quoted = next((n for n in range(first, end) if tokens[n].is_quotation), first)
    return quoted, end


def words_before(tokens: Sequence[Token], end: int) -> tuple[int, int]:
    """The reported words that end before a token, from the sentence's or clause's start."""
    while end > 1 and tokens[end - 1].text in ",":
        end -= 1
    start = next((n + 1 for n in range(end - 1, -1, -1) if tokens[n].text == ";"), 0)
    return start, end
