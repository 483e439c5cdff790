"""Which pieces of evidence say the same: names by what they name, numbers by their value."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.days import Day, day
from rag.language import content_stems, is_number, is_stop_word
from rag.names import country, is_only_a_place
from rag.types import Evidence
from rag.values import Value, unit_of, value

# Two answers say the same when they share this much of their words (Jaccard): a syndicated
# sentence survives an editor's change of a few words, a different statement does not.
SAME_WORDS = 0.6
# `Holm` is `Mayor Ida Holm`: names and titles are no longer than this, whole statements are.
NAME_WORDS = 5
# What a number counts stands right behind it.
UNIT_CHARS = 40
# `vote`, `votes` and `voting` begin alike.
STEM_CHARS = 4

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Said:
    """What a piece of evidence says, made comparable once.

    `name` is the one name of what the answer names, or empty; `value` its number, if it has one,
    which stands among the `words` as a number, however it is written; `day` its date, if it is one.
    """

    evidence: Evidence
    name: str
    words: frozenset[str]
    value: Value | None
    day: Day | None = None

    @classmethod
    def of(cls, evidence: Evidence, name: Callable[[str], str] = country) -> Said:
        text = evidence.passage.slice(evidence.answer)
        start, end = (
            at - evidence.passage.start for at in (evidence.answer.start, evidence.answer.end)
        )
        before, after = evidence.passage.text[:start], evidence.passage.text[end:]
        number = value(text, after[:UNIT_CHARS])
        words = frozenset(word for word in _WORD.findall(text) if not is_stop_word(word))
        words = frozenset(word.lower() for word in words or _WORD.findall(text))
        if number is not None:
            words = frozenset(
                # The unit is in the value: `5 km` and `5 kilometres` share all their words.
                word
                for word in words
                if not is_number(word) and not (number.unit and unit_of(word) == number.unit)
            )
            words |= {str(one) for one in number.numbers}
        named = "" if is_only_a_place(before, text, after) else name(text)
        return cls(evidence, named, words, number, day(text))

    def same_as(self, other: Said) -> bool:
        """Whether two answers give one value, share nearly all words, or one names the other.

        Different numbers are different answers, as are `two dozen` and `more than two dozen`, and
        so are different dates; `5 March` and `March 5, 2025` are one.
        """
        if self.name or other.name:
            return self.name == other.name
        if self.day and other.day and self.day.is_as_exact(other.day):
            return self.day.same_as(other.day)
        if (self.value is None) != (other.value is None):
            return False
        if (
            self.value is not None
            and other.value is not None
            and not self.value.same_as(other.value)
        ):
            return False
        if len(self.words & other.words) >= SAME_WORDS * len(self.words | other.words):
            return True
        shorter, longer = sorted((self.words, other.words), key=len)
        return bool(shorter) and len(longer) <= NAME_WORDS and shorter < longer


def group(said: Sequence[Said]) -> list[list[Said]]:
    """What says the same as the first of a group, in the order of the first ones."""
    groups: list[list[Said]] = []
    for one in said:
        for same in groups:
            if one.same_as(same[0]):
                same.append(one)
                break
        else:
            groups.append([one])
    return groups


def same_matter(question: str, best: Evidence, other: Evidence) -> bool:
    """Whether another sentence has most of the words of the question that the best one has."""
    asked, found, again = (
        content_stems(text, STEM_CHARS)
        for text in (question, best.passage.slice(best.quote), other.passage.slice(other.quote))
    )
    return 2 * len(asked & found & again) > len(asked & found)


def same_name(one: str, other: str) -> bool:
    """Whether one name is the other or a part of it (`Lee` of `Ann Lee`), whatever its case."""
    shorter, longer = sorted((set(_WORD.findall(n.lower())) for n in (one, other)), key=len)
    return bool(shorter) and shorter <= longer
