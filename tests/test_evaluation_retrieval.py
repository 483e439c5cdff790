"""Measures of the ranking alone, on hand-worked rankings."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.errors import EvaluationError
from rag.evaluation.questions import GoldAnswer, GoldQuestion, GoldSpan
from rag.evaluation.retrieval import evaluate_retrieval, is_relevant, measure_rankings
from rag.types import Passage, Source, Span

TEXT = "0123456789" * 10


def passage(start: int, end: int, document: str = "a.txt") -> Passage:
    return Passage(Source(document), start, end, TEXT[start:end], (Span(start, end),))


def question(row_id: str, *spans: tuple[int, int]) -> GoldQuestion:
    evidence = tuple(GoldSpan("a.txt", start, end, TEXT[start:end]) for start, end in spans)
    answers = (GoldAnswer("x", (), evidence),) if spans else ()
    return GoldQuestion(row_id, "test", f"{row_id}?", "fact" if spans else "none", answers)


PASSAGES = [passage(start, start + 20) for start in range(0, 100, 20)]
A, B, C, D, E = PASSAGES


def test_measures_of_hand_worked_rankings() -> None:
    questions = [question("q1", (0, 20), (40, 60)), question("q2", (20, 40)), question("q3")]
    found = measure_rankings(questions, {"q1": [B, A, D, C], "q2": []}, PASSAGES)
    assert found.ids == ("q1", "q2")  # q3 has nothing to find
    first = {name: values[0] for name, values in found.values.items()}
    assert first["recall@1"] == 0
    assert first["recall@5"] == first["recall@10"] == 1
    assert first["MRR"] == 1 / 2
    assert first["MAP"] == pytest.approx((1 / 2 + 2 / 4) / 2)
    gain = 1 / math.log2(3) + 1 / math.log2(5)
    assert first["nDCG@10"] == pytest.approx(gain / (1 + 1 / math.log2(3)))
    assert found.means["MRR"] == 1 / 4  # q2 found nothing, and counts
    assert found.intervals["MRR"].low == 0
    assert found.to_json()["rows"][1] == {"id": "q2", **dict.fromkeys(found.values, 0.0)}
    assert found.to_text().splitlines()[4].split() == ["MRR", "2", "0.250", "0.00–0.50"]


def test_relevant_is_what_holds_most_of_the_evidence() -> None:
    asked = question("q", (10, 30))
    assert is_relevant(asked, A)  # 10 of its 20 characters
    assert not is_relevant(question("q", (11, 31)), A)
    assert not is_relevant(asked, passage(0, 20, "b.txt"))


def test_equal_passages_keep_their_order() -> None:
    """The order given counts, whatever the ids are."""
    asked = [question("q", (80, 100))]
    for ranked in ([E, A], [A, E]):
        found = measure_rankings(asked, {"q": ranked}, PASSAGES)
        assert found.means["MRR"] == 1 / (1 + ranked.index(E))


def test_an_engine_is_asked_for_all_its_passages(engine: Engine, corpus: Path) -> None:
    text = (corpus / "bridge.txt").read_text(encoding="utf-8")
    quote = "Engineers found cracks in two piers."
    start = text.index(quote)
    gold = GoldSpan("bridge.txt", start, start + len(quote), quote)
    asked = GoldQuestion("q", "dev", "cracks in piers", "fact", (GoldAnswer("x", (), (gold,)),))
    found = evaluate_retrieval(engine, [asked], engine.status().passages)
    assert found.means["MRR"] == found.means["MAP"] == found.means["recall@1"] == 1
    assert found.intervals == {}
    with pytest.raises(EvaluationError, match="no question has an answer"):
        evaluate_retrieval(engine, [question("q3")], 3)
