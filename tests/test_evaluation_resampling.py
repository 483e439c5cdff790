"""Groups, bootstrap intervals, and the paired comparison of two systems."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.errors import EvaluationError
from rag.evaluation.compare import Comparison, Difference, compare
from rag.evaluation.questions import GoldAnswer, GoldQuestion, GoldSpan
from rag.evaluation.replies import Cited, Reply, Statement
from rag.evaluation.report import Report
from rag.evaluation.resampling import (
    RESAMPLES,
    SWAPS,
    Interval,
    bootstrap,
    group_of,
    p_value,
    swaps,
)
from rag.evaluation.run import score
from rag.evaluation.summary import Summary

TEXT = "Rome. Nobody."
RIGHT, WRONG = Cited("a.txt", 0, 5, "Rome."), Cited("a.txt", 6, 13, "Nobody.")
REFUSAL = Reply(False, 0.2)


def report(ids: list[str], replies: list[Reply]) -> Report:
    answer = GoldAnswer("Rome", (), (GoldSpan("a.txt", 0, 5, "Rome."),))
    questions = [GoldQuestion(row_id, "dev", f"{row_id}?", "fact", (answer,)) for row_id in ids]
    pairs = zip(questions, replies, strict=True)
    return Report(tuple(score(q, reply, {"a.txt": TEXT}, None) for q, reply in pairs))


def said(cited: Cited, confidence: float = 0.5) -> Reply:
    return Reply(True, confidence, (Statement(cited.quote, (cited,)),), (cited,))


def named(comparison: Comparison) -> dict[str, Difference]:
    return {one.name: one for one in comparison.differences}


@pytest.mark.parametrize(
    ("row_id", "group"),
    [
        ("ev401-q02", "ev401"),
        ("a-q1-q12", "a-q1"),
        ("s001", "s001"),
        ("ev401-q", "ev401-q"),
        ("q7", "q7"),
        ("ev401-question2", "ev401-question2"),
    ],
)
def test_group_of(row_id: str, group: str) -> None:
    assert group_of(row_id) == group


def test_questions_of_one_group_are_drawn_and_swapped_together() -> None:
    ids = ["ev1-q01", "ev2-q01", "ev1-q02", "s1"]
    drawn, kept = bootstrap(ids), swaps(ids)
    assert drawn is not None
    assert (drawn.shape, kept.shape) == ((RESAMPLES, 4), (SWAPS, 4))
    for weights in (drawn, kept):
        assert (weights[:, 0] == weights[:, 2]).all()
        assert (weights[:, 0] != weights[:, 1]).any()
        assert (weights[:, 1] != weights[:, 3]).any()
    assert (drawn[:, [0, 1, 3]].sum(axis=1) == 3).all()
    assert set(np.unique(kept)) == {0, 1}
    again = bootstrap(ids)
    assert again is not None
    assert (again == drawn).all()
    assert bootstrap(["ev1-q01", "ev1-q02"]) is None


def test_an_interval_has_the_middle_of_the_draws() -> None:
    drawn = np.array([*np.arange(101) / 100, np.nan])
    interval = Interval.of(drawn)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.025, 0.975))
    assert interval.error == pytest.approx(np.std(np.arange(101) / 100))
    assert interval.to_text() == "0.03–0.97"
    assert Interval.of(np.array([np.nan])) is None


def test_p_value() -> None:
    swapped = np.array([0.1, -0.3, 0.3, 0.0, np.nan])
    assert p_value(0.3, swapped) == 3 / 5  # itself, -0.3 and 0.3 of four that are known
    assert p_value(-0.1, swapped) == 4 / 5
    assert p_value(0.5, swapped) == 1 / 5
    assert p_value(0.0, swapped) == 1


def test_an_interval_is_that_of_the_binomial() -> None:
    # 60 of 100 right: a standard error of √(0.6 · 0.4 / 100) = 0.049
    replies = [said(RIGHT)] * 60 + [said(WRONG)] * 40
    ids = [f"s{number}" for number in range(100)]
    interval = report(ids, replies).overall.intervals["evidence_accuracy"]
    assert interval.error == pytest.approx(0.049, abs=0.005)
    assert interval.low == pytest.approx(0.6 - 1.96 * 0.049, abs=0.015)
    assert interval.high == pytest.approx(0.6 + 1.96 * 0.049, abs=0.015)


def test_events_that_are_right_or_wrong_as_a_whole_widen_the_interval() -> None:
    replies = [said(RIGHT)] * 60 + [said(WRONG)] * 40
    ids = [f"ev{number // 10}-q{number}" for number in range(100)]
    # Ten events, six of them right: √(0.6 · 0.4 / 10) = 0.155
    interval = report(ids, replies).overall.intervals["evidence_accuracy"]
    assert interval.error == pytest.approx(0.155, abs=0.015)


def test_one_event_has_no_interval() -> None:
    one = report(["ev1-q1", "ev1-q2"], [said(RIGHT), said(WRONG)])
    assert one.overall.intervals == {}
    assert one.overall.to_json()["intervals"] == {}
    line = next(line for line in one.to_text().splitlines() if line.startswith("evidence_acc"))
    assert line.split() == ["evidence_accuracy", "2", "0.50", "–", "0.50"]
    difference = named(compare(one, one))["evidence_accuracy"]
    assert difference.interval is None
    assert difference.cells()[-2] == "–"


def test_times_that_nobody_measured_are_not_shown_as_0() -> None:
    rows = report(["1", "2"], [said(RIGHT), said(WRONG)]).rows
    assert Summary.of(rows).p50_seconds is None
    timed = [replace(row, seconds=float(n)) for n, row in enumerate(rows, 1)]
    assert Summary.of(timed).p50_seconds == 1.5
    assert Summary.of([timed[0], rows[1]]).p50_seconds == 1


def test_a_system_does_not_differ_from_itself() -> None:
    one = report([f"s{n}" for n in range(20)], [said(RIGHT, 0.9), said(WRONG, 0.2)] * 10)
    for difference in compare(one, one).differences:
        assert (difference.change, difference.p) == (0, 1), difference.name
        assert difference.interval is not None
        assert (difference.interval.low, difference.interval.high) == (0, 0)


def test_a_clear_difference_is_found_and_a_small_one_is_not() -> None:
    ids = [f"s{n}" for n in range(40)]
    half = report(ids, [said(RIGHT), said(WRONG)] * 20)
    most = report(ids, [said(RIGHT), said(WRONG)] * 10 + [said(RIGHT)] * 20)
    clear = named(compare(most, half))["evidence_accuracy"]
    assert clear.change == pytest.approx(10 / 40)
    # Ten questions differ, all in one direction: 2 · (1/2)^10 = 0.002
    assert clear.p == pytest.approx(0.002, abs=0.0015)
    assert clear.interval is not None
    assert 0 < clear.interval.low < 0.25 < clear.interval.high < 0.5
    back = named(compare(half, most))["evidence_accuracy"]
    assert (back.change, back.p) == (-clear.change, clear.p)
    # Two questions differ: all four ways to swap are as far with probability 1/2
    two = report(ids, [said(RIGHT), said(WRONG)] * 19 + [said(RIGHT)] * 2)
    three = report(ids, [said(RIGHT)] * 2 + [said(RIGHT), said(WRONG)] * 18 + [said(RIGHT)] * 2)
    small = named(compare(three, half))["evidence_accuracy"]
    assert small.change == pytest.approx(2 / 40)
    assert small.p == pytest.approx(1 / 2, abs=0.03)
    assert named(compare(two, half))["evidence_accuracy"].p == 1


def test_the_swap_test_of_a_ranking_swaps_confidences_too() -> None:
    ids = [f"s{n}" for n in range(30)]
    good = report(ids, [said(RIGHT, 0.9), said(WRONG, 0.1)] * 15)
    bad = report(ids, [said(RIGHT, 0.1), said(WRONG, 0.9)] * 15)
    found = named(compare(good, bad))
    assert found["aurc"].change < 0
    assert found["aurc"].p < 0.001
    assert found["calibration_error"].change == pytest.approx(0.1 - 0.9)
    assert found["calibration_error"].p < 0.001
    assert found["evidence_accuracy"].p == 1
    assert found["aurc"].to_json()["better"] == "lower"


def test_a_measure_that_one_system_lacks_is_left_out() -> None:
    ids = ["1", "2"]
    found = named(compare(report(ids, [said(RIGHT)] * 2), report(ids, [REFUSAL] * 2)))
    assert "citation_precision" not in found
    assert (found["wrongly_refused"].this, found["wrongly_refused"].other) == (0, 1)
    assert found["wrongly_refused"].cells()[0] == "wrongly_refused −"


def test_the_table_of_a_comparison() -> None:
    ids = [f"s{n}" for n in range(10)]
    this = report(ids, [said(RIGHT)] * 9 + [REFUSAL])
    other = report(ids, [said(RIGHT)] * 8 + [REFUSAL] * 2)
    lines = compare(this, other).to_text().splitlines()
    assert lines[0].split() == ["n", "this", "other", "difference", "95%", "p"]
    cells = {line.split()[0]: line.split()[1:] for line in lines[1:] if line}
    refused = cells["wrongly_refused"]
    assert refused[:5] == ["−", "10", "0.10", "0.20", "-0.10"]
    assert refused[-1] == "1.000"
    assert cells["offset_integrity"][:4] == ["9/8", "1.00", "1.00", "+0.00"]


def test_only_systems_on_the_same_questions_are_compared() -> None:
    with pytest.raises(EvaluationError, match="the same questions"):
        compare(report(["1"], [REFUSAL]), report(["2"], [REFUSAL]))
