"""Shares for one question, and scores over many: pooling, ranking, calibration, the majority.

A share is `hits` out of `total`; total 0 means that the measure does not apply to the question.
Shares are pooled (hits summed, divided by totals summed), so a measure with total 1 for each
question is averaged over questions, and one that counts citations over citations. A missing or
refused answer keeps its total, so it scores zero and never raises a mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

CALIBRATION_BINS = 10


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


def auroc(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """The chance that a positive has the higher score than a negative; ties count half.

    `pairs` are (score, positive); None where one of the classes is empty.
    """
    positives = [score for score, positive in pairs if positive]
    negatives = [score for score, positive in pairs if not positive]
    if not positives or not negatives:
        return None
    wins = sum((p > n) + (p == n) / 2 for p in positives for n in negatives)
    return wins / (len(positives) * len(negatives))


def calibration_error(
    pairs: Sequence[tuple[float, bool]], bins: int = CALIBRATION_BINS
) -> float | None:
    """Expected calibration error over bins of equal mass (arXiv 1909.10155); None without pairs.

    `pairs` are (confidence, correct). They are sorted by confidence and cut into `bins` parts
    whose sizes differ by at most one; the differences between a part's mean confidence and its
    share of correct ones are averaged, weighted by size. Equal confidences share their mean
    correctness, so the result does not depend on the order of the questions.
    """
    if not pairs:
        return None
    grouped: dict[float, list[bool]] = {}
    for confidence, correct in pairs:
        grouped.setdefault(confidence, []).append(correct)
    ranked = [
        (confidence, sum(group) / len(group))
        for confidence, group in sorted(grouped.items())
        for _ in group
    ]
    edges = [len(ranked) * i // bins for i in range(bins + 1)]
    parts = [ranked[a:b] for a, b in pairwise(edges) if b > a]
    gaps = (abs(sum(confidence - right for confidence, right in part)) for part in parts)
    return sum(gaps) / len(ranked)
