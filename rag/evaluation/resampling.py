"""How far a figure could differ by chance: bootstrap intervals and the paired randomisation test.

Questions about one event have their articles in common, so they are right or wrong together; what
is drawn or swapped is therefore the whole group of questions that an id names (`ev401` of
`ev401-q02`), and the single question where ids name no group. Seeds are fixed: the same rows give
the same figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.evaluation.ranking import Floats
from rag.types import JSON

RESAMPLES = 1_000  # the ends of a 95% interval rest on 25 of them each
SWAPS = 4_999  # p values are multiples of 1/5000
LEVEL = 95
_SEED = 7
_IN_A_GROUP = re.compile(r"(.+)-q\d+")
# Swapped differences that are equal but for rounding count as equal.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95% percentile interval of a figure, and its standard error (`error`)."""

    low: float
    high: float
    error: float

    @classmethod
    def of(cls, drawn: Floats) -> Interval | None:
        """From a figure's value in each draw; None where no draw has one."""
        known = drawn[~np.isnan(drawn)]
        if not len(known):
            return None
        low, high = np.percentile(known, [(100 - LEVEL) / 2, (100 + LEVEL) / 2])
        return cls(float(low), float(high), float(known.std()))

    def to_json(self) -> JSON:
        return {"low": self.low, "high": self.high, "standard_error": self.error}

    def to_text(self) -> str:
        return f"{self.low:.2f}–{self.high:.2f}"


def group_of(question_id: str) -> str:
    """The group that a question's id names: `ev401` of `ev401-q02`; else the id itself."""
    match = _IN_A_GROUP.fullmatch(question_id)
    return match.group(1) if match else question_id


def bootstrap(ids: Sequence[str]) -> Floats | None:
    """How often each question is in each draw with replacement: shape (RESAMPLES, questions).

    None where the questions are one group, of which nothing can be drawn.
    """
    numbers, count = _numbered(ids)
    if count < 2:
        return None
    chances = np.full(count, 1 / count)
    drawn = np.random.default_rng(_SEED).multinomial(count, chances, size=RESAMPLES)
    return drawn[:, numbers].astype(np.float64)


def swaps(ids: Sequence[str]) -> Floats:
    """1 where a draw leaves a question's two replies in place and 0 where it swaps them.

    The shape is (SWAPS, questions).
    """
    numbers, count = _numbered(ids)
    kept = np.random.default_rng(_SEED).integers(0, 2, size=(SWAPS, count))
    return kept[:, numbers].astype(np.float64)


def p_value(difference: float, swapped: Floats) -> float:
    """The chance of at least this difference, in either direction, between systems that are equal.

    `swapped` are the differences after swapping (Noreen 1989, Computer-Intensive Methods for
    Testing Hypotheses); the real one counts among them, so that p is never 0.
    """
    known = swapped[~np.isnan(swapped)]
    as_far = int((np.abs(known) >= abs(difference) - _ROUNDING).sum())
    return (1 + as_far) / (1 + len(known))


def _numbered(ids: Sequence[str]) -> tuple[np.ndarray[tuple[int], np.dtype[np.intp]], int]:
    """The number of each question's group, and the count of groups."""
    names, numbers = np.unique([group_of(one) for one in ids], return_inverse=True)
    return numbers, len(names)
