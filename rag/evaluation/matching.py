"""When a claim says what an accepted short answer says: normalised, as whole words.

The normalisation follows SQuAD's evaluation script (arXiv 1606.05250): lower case, no articles,
no punctuation, single spaces. Three changes keep apart what differs and together what does not:
hyphens part words ("four-day"), a possessive 's is dropped, and a decimal point stays ("1.1").
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

# Room for a title or a unit: "Russian President Vladimir Putin", "26 countries". Beyond it, a
# claim must consist of the accepted answer for at least a half.
MAX_EXTRA_WORDS = 4

# Each claim and each wording is met by many measures; those of a set fit.
_CACHED_TEXTS = 1 << 14
_ARTICLES = frozenset({"a", "an", "the"})
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_POSSESSIVE = re.compile(r"['’]s\b")
_KEPT_POINT = "\ue000"  # private use, so that no text has it


class Named(Protocol):
    """What can be named in several accepted wordings: an answer, or a party."""

    @property
    def accepted(self) -> tuple[str, ...]: ...


@functools.lru_cache(maxsize=_CACHED_TEXTS)
def words(text: str) -> tuple[str, ...]:
    """The normalised words of a text: `The U.S.’s four-day plan` is us, four, day, plan."""
    text = unicodedata.normalize("NFKC", text).casefold().replace(_KEPT_POINT, "")
    text = _DECIMAL_POINT.sub(_KEPT_POINT, _POSSESSIVE.sub("", text))
    text = "".join(_plain(character) for character in text).replace(_KEPT_POINT, ".")
    return tuple(word for word in text.split() if word not in _ARTICLES)


def extra_words(claim: str, accepted: str) -> int | None:
    """How many words a claim adds to an accepted answer, or None where it does not give it.

    0 is equality. A claim gives the answer when it contains its words in a row and adds at most
    MAX_EXTRA_WORDS words, or no more words than the accepted answer has.
    """
    said, wanted = words(claim), words(accepted)
    extra = len(said) - len(wanted)
    if not wanted or extra < 0 or extra > max(MAX_EXTRA_WORDS, len(wanted)):
        return None
    starts = range(extra + 1)
    return extra if any(said[i : i + len(wanted)] == wanted for i in starts) else None


def fewest_extra_words(claim: str, answer: Named) -> int | None:
    """`extra_words` for the closest accepted wording of an answer."""
    found = [extra_words(claim, accepted) for accepted in answer.accepted]
    return min((extra for extra in found if extra is not None), default=None)


def pair(claims: Sequence[str], answers: Sequence[Named]) -> dict[int, int]:
    """Match claims with answers one to one, closest first: claim position to answer position.

    Closest first keeps "more than two dozen" from being taken for "two dozen" where both are gold.
    """
    candidates = sorted(
        (extra, c, a)
        for c, claim in enumerate(claims)
        for a, answer in enumerate(answers)
        if (extra := fewest_extra_words(claim, answer)) is not None
    )
    matched: dict[int, int] = {}
    for _, c, a in candidates:
        if c not in matched and a not in matched.values():
            matched[c] = a
    return matched


def token_f1(claim: str, accepted: str) -> float:
    """SQuAD's F1 of the two bags of words."""
    said, wanted = Counter(words(claim)), Counter(words(accepted))
    common = sum((said & wanted).values())
    return 2 * common / (sum(said.values()) + sum(wanted.values())) if common else 0.0


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Pd" or character == "/":
        return " "
    return "" if category.startswith("P") else character
