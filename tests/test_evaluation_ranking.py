"""Measures of confidences on hand-worked cases; a weight is the same as a repeated row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from rag.evaluation.ranking import (
    Curve,
    Flags,
    Floats,
    auroc,
    calibration_error,
    once,
    risk_coverage_area,
)

Pairs = Sequence[tuple[float, bool]]
MEASURES = (auroc, calibration_error, risk_coverage_area)


def arrays(pairs: Pairs) -> tuple[Floats, Flags]:
    return (
        np.array([score for score, _ in pairs], dtype=np.float64),
        np.array([flag for _, flag in pairs], dtype=np.bool_),
    )


def test_auroc() -> None:
    def of(pairs: Pairs) -> float:
        return float(auroc(*arrays(pairs), once(len(pairs)))[0])

    # 0.9 beats both negatives, 0.4 beats 0.1 and ties 0.4: (2 + 1 + 1/2) / 4
    assert of([(0.9, True), (0.4, True), (0.4, False), (0.1, False)]) == pytest.approx(3.5 / 4)
    assert of([(0.9, False), (0.1, True)]) == 0
    assert of([(-np.inf, True), (np.inf, False), (0.5, True), (0.5, False)]) == 0.5 / 4
    assert np.isnan(of([(0.9, True)]))


def ece(pairs: Pairs, bins: int = 10) -> float:
    return float(calibration_error(*arrays(pairs), once(len(pairs)), bins)[0])


def test_calibration_error() -> None:
    # Two bins of two by confidence: |(0.2 + 0.4)/2 - 1/2| = 0.2 and |(0.7 + 0.9)/2 - 1/2| = 0.3
    pairs = [(0.9, True), (0.2, True), (0.7, False), (0.4, False)]
    assert ece(pairs, bins=2) == pytest.approx((0.2 + 0.3) / 2)
    # Ten bins over two pairs: each its own bin
    assert ece([(0.7, True), (0.3, False)]) == pytest.approx((0.3 + 0.3) / 2)
    assert np.isnan(ece([]))


def test_calibration_error_does_not_depend_on_the_order_of_ties() -> None:
    pairs = [(0.5, True), (0.5, True), (0.5, False), (0.5, False)]
    assert ece(pairs, bins=2) == 0
    assert ece(pairs[::-1], bins=2) == 0


def test_the_area_under_the_risk_coverage_curve() -> None:
    def area(pairs: Pairs) -> float:
        return float(risk_coverage_area(*arrays(pairs), once(len(pairs)))[0])

    # by confidence: right, wrong, right, wrong
    pairs = [(0.2, True), (0.9, False), (0.7, True), (0.4, False)]
    assert area(pairs) == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)
    assert area([(0.9, True), (0.1, True)]) == 1
    assert area([(0.9, False), (0.1, False)]) == 0
    # Equal ones have no order: at the second place half a wrong one is expected, of two.
    assert area([(0.9, False), (0.5, True), (0.5, False)]) == pytest.approx((0 + 1 / 4 + 1 / 3) / 3)
    assert np.isnan(area([]))


def test_the_curve() -> None:
    curve = Curve.of(*arrays([(0.4, True), (0.9, False), (np.inf, True), (0.4, False)]))
    assert curve.points == ((1 / 4, 1, np.inf), (2 / 4, 1 / 2, 0.9), (1, 2 / 4, 0.4))
    # Of the two at 0.4 half a wrong one is expected first: 1.5 of 3.
    assert curve.area == pytest.approx((1 + 1 / 2 + 1.5 / 3 + 2 / 4) / 4)
    assert curve.best_area == pytest.approx((0 + 0 + 1 / 3 + 2 / 4) / 4)
    assert [curve.risk_at(share) for share in (0.25, 0.3, 0.5, 0.51, 1)] == [1, 0.5, 0.5, 0.5, 0.5]
    assert [point["confidence"] for point in curve.to_json()["points"]] == [None, 0.9, 0.4]


@pytest.mark.parametrize("measure", MEASURES)
def test_a_weight_is_the_same_as_a_repeated_row(measure: object) -> None:
    assert callable(measure)
    random = np.random.default_rng(1)
    confidence = random.integers(0, 8, size=30) / 8  # with ties
    flags = random.random(30) < confidence
    weights = random.multinomial(30, np.full(30, 1 / 30), size=20)
    weights[0, :] = 0
    found = measure(confidence, flags, weights.astype(float))
    assert np.isnan(found[0])
    for drawn, value in zip(weights[1:], found[1:], strict=True):
        rows = np.repeat(np.arange(30), drawn)
        alone = measure(confidence[rows], flags[rows], once(len(rows)))
        assert value == pytest.approx(alone[0], abs=1e-12)
