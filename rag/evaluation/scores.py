"""Shares for one question, and scores over many: pooling, and what the majority label would reach.

A share is `hits` out of `total`; total 0 means that the measure does not apply to the question.
Shares are pooled (hits summed, divided by totals summed), so a measure with total 1 for each
question is averaged over questions, and one that counts citations over citations. A missing or
refused answer keeps its total, so it scores zero and never raises a mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` out of `total`; hits may be a fraction."""

    hits: float
    total: float

    @property
    def value(self) -> float | None:
        """The quotient, or None where the measure does not apply."""
        return self.hits / self.total if self.total else None


NOT_APPLICABLE = Share(0, 0)


def pooled(shares: Iterable[Share]) -> Share:
    """All hits out of all totals."""
    kept = list(shares)
    return Share(sum(share.hits for share in kept), sum(share.total for share in kept))


def majority(labels: Sequence[str]) -> Share:
    """What always giving the most frequent label would get right; empty labels do not count."""
    counts = Counter(label for label in labels if label)
    return Share(max(counts.values(), default=0), counts.total())
