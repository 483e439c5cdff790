"""Measures of confidences: AUROC, calibration error, and the risk-coverage curve with its area.

Each takes arrays with an entry for each row, and `weights` of shape (draws, rows) that say how
often a draw holds each row: whole numbers, as `rag.evaluation.resampling` gives them, or once each
for the measure itself. The result has shape (draws,), with nan where the measure does not apply.
Equal confidences have no order: what they share is spread evenly over their places.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.types import JSON

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

CALIBRATION_BINS = 10


def once(rows: int) -> Floats:
    """The weights of one draw that holds each row once."""
    return np.ones((1, rows))


def quotient(hits: Floats, totals: Floats) -> Floats:
    """Element by element; nan where the total is 0."""
    result = np.full(hits.shape, np.nan)
    np.divide(hits, totals, out=result, where=totals != 0)
    return result


def auroc(score: Floats, positive: Flags, weights: Floats) -> Floats:
    """The chance that a positive row has the higher score than a negative one; ties count half."""
    _, (positives, negatives) = _by_value(score, weights * positive, weights * ~positive)
    lower = np.cumsum(negatives, axis=1) - negatives
    wins = (positives * (lower + negatives / 2)).sum(axis=1)
    return quotient(wins, positives.sum(axis=1) * negatives.sum(axis=1))


def calibration_error(
    confidence: Floats, right: Flags, weights: Floats, bins: int = CALIBRATION_BINS
) -> Floats:
    """Expected calibration error over bins of equal mass (arXiv 1909.10155).

    The rows of a draw are sorted by confidence and cut into `bins` parts whose sizes differ by at
    most one; the differences between a part's mean confidence and its share of right ones are
    averaged, weighted by size.
    """
    values, (mass, hits) = _by_value(confidence, weights, weights * right)
    gap = mass * values - hits
    gap = np.divide(gap, mass, out=np.zeros_like(gap), where=mass > 0)  # of one row
    ends = np.cumsum(mass, axis=1)
    starts = ends - mass
    total = mass.sum(axis=1)
    error = np.zeros(len(weights))
    for number in range(bins):
        first, last = total * number // bins, total * (number + 1) // bins
        inside = np.minimum(ends, last[:, None]) - np.maximum(starts, first[:, None])
        error += np.abs((np.maximum(inside, 0) * gap).sum(axis=1))
    return quotient(error, total)


def risk_coverage_area(confidence: Floats, wrong: Flags, weights: Floats) -> Floats:
    """The area under the risk-coverage curve (arXiv 1805.08206): 0 is best, 1 worst.

    The mean, over k from 1 to the number of rows, of the share of wrong ones among the k most
    confident.
    """
    _, (mass, errors) = _by_value(-confidence, weights, weights * wrong)
    share = np.divide(errors, mass, out=np.zeros_like(errors), where=mass > 0)
    ends, errors_so_far = np.cumsum(mass, axis=1), np.cumsum(errors, axis=1)
    starts, before = ends - mass, errors_so_far - errors
    # At the i-th place, inside a group of equals that begins after `starts`, the expected errors
    # are before + (i − starts) · share; divided by i and summed over the group's places:
    harmonic = _harmonic(int(ends.max(initial=0)))
    reciprocals = harmonic[ends.astype(int)] - harmonic[starts.astype(int)]
    risks = mass * share + (before - starts * share) * reciprocals
    return quotient(risks.sum(axis=1), mass.sum(axis=1))


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows of like confidence: their mean confidence, the share of right ones, and their count."""

    confidence: float
    right: float
    count: int


def reliability(pairs: Sequence[tuple[float, bool]], bins: int = CALIBRATION_BINS) -> list[Bin]:
    """The bins of a reliability diagram, of equal size as in `calibration_error`.

    `pairs` are a confidence and whether the answer was right. A bin whose edge parts rows of equal
    confidence gets them in the order of `pairs`.
    """
    ranked = sorted(pairs, key=lambda pair: pair[0])
    edges = [len(ranked) * number // bins for number in range(bins + 1)]
    parts = [ranked[first:last] for first, last in itertools.pairwise(edges) if first < last]
    return [
        Bin(
            sum(confidence for confidence, _ in part) / len(part),
            sum(right for _, right in part) / len(part),
            len(part),
        )
        for part in parts
    ]


@dataclass(frozen=True, slots=True)
class Curve:
    """The risk-coverage curve of one system.

    A point of `points` is (coverage, risk, confidence): who answers only the questions with at
    least that confidence answers this share of all, and of those this share is wrong. `best_area`
    is the area that the same answers would have with every wrong one ranked below every right one.
    """

    points: tuple[tuple[float, float, float], ...]
    area: float
    best_area: float

    @classmethod
    def of(cls, confidence: Floats, wrong: Flags) -> Curve:
        """The curve of at least one row."""
        weights = once(len(wrong))
        values, (mass, errors) = _by_value(-confidence, weights, weights * wrong)
        covered, failed = np.cumsum(mass[0]), np.cumsum(errors[0])
        points = zip(covered / len(wrong), failed / covered, -values, strict=True)
        return cls(
            tuple((float(c), float(r), float(v)) for c, r, v in points),
            float(risk_coverage_area(confidence, wrong, weights)[0]),
            float(risk_coverage_area(-wrong.astype(float), wrong, weights)[0]),
        )

    def risk_at(self, coverage: float) -> float:
        """The risk at the first point that covers at least this share of the questions."""
        return next(risk for covered, risk, _ in self.points if covered >= coverage)

    def to_json(self) -> JSON:
        """The curve; a `confidence` of null stands for questions that got no reply."""
        return {
            "area": self.area,
            "best_area": self.best_area,
            "points": [
                {"coverage": c, "risk": r, "confidence": v if np.isfinite(v) else None}
                for c, r, v in self.points
            ],
        }


def _by_value(values: Floats, *columns: Floats) -> tuple[Floats, list[Floats]]:
    """The different values in ascending order, and each column summed over the rows of each."""
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1]))[: len(ranked)])
    return ranked[starts], [np.add.reduceat(c[:, order], starts, axis=1) for c in columns]


def _harmonic(size: int) -> Floats:
    """1 + 1/2 + … + 1/i for i from 0 to `size`."""
    return np.concatenate(([0.0], np.cumsum(1 / np.arange(1, size + 1))))
