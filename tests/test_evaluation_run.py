"""Evaluation of a small fake engine, and the report on it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from rag.errors import (
    CitableError,
    EvaluationError,
    IndexDamagedError,
    ModelError,
    QuestionError,
    UnknownDocumentError,
)
from rag.evaluation import evaluate, load_replies, score_replies, summary
from rag.evaluation.questions import GoldAnswer, GoldQuestion, locate
from rag.evaluation.ranking import Floats
from rag.evaluation.recorded import Recorded
from rag.results import Abstention, Answer, Claim
from rag.types import Citation, Document, Source, Span

TEXT = "Italy will not go. France will go. 26 states agreed."
DOCUMENT = Document(Source("a.txt"), TEXT)


@dataclass(frozen=True)
class FakeEngine:
    """Answers with planted (claim, quote, confidence) triples; fails on what it was not taught."""

    planted: dict[str, list[tuple[str, str, float]]]

    def ask(self, question: str) -> Answer | Abstention:
        if question not in self.planted:
            raise QuestionError("too hard")
        claims = [self._claim(*said) for said in self.planted[question]]
        if not claims:
            return Abstention(question, 0.2, "nothing found", ())
        return Answer(question, tuple(claims), claims[0].confidence)

    def document(self, document_id: str) -> Document:
        if document_id != DOCUMENT.id:
            raise UnknownDocumentError(f"no document {document_id}")
        return DOCUMENT

    @staticmethod
    def _claim(text: str, quote: str, confidence: float) -> Claim:
        start = TEXT.index(quote)
        citation = Citation.of(DOCUMENT, Span(start, start + len(quote)))
        return Claim(text, (citation,), (citation.span,), confidence)


def gold(row_id: str, split: str, kind: str, **answers: str) -> GoldQuestion:
    items = tuple(GoldAnswer(t, (), (locate("a.txt", TEXT, q),)) for t, q in answers.items())
    return GoldQuestion(row_id, split, f"question {row_id}?", kind, items)


NO, YES = "Italy will not go.", "France will go."
QUESTIONS = [
    gold("1", "dev", "list", Italy=NO),
    gold("2", "dev", "fact", France=YES),
    gold("3", "test", "fact", France=YES),
    gold("4", "test", "none"),
    gold("5", "test", "none"),
    gold("6", "test", "none"),
]
ENGINE = FakeEngine(
    {
        "question 1?": [("Italy", NO, 0.8), ("France", YES, 0.7)],
        "question 2?": [("France", YES, 0.6)],
        "question 4?": [("26", "26 states agreed.", 0.3)],
        "question 5?": [],
    }
)


def test_measures_overall_by_split_and_by_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = itertools.accumulate([0, 1, 0, 3, 0, 2, 0, 9, 0, 5, 0, 4])  # seconds 1 3 2 9 5 4
    clock = SimpleNamespace(perf_counter=lambda: next(ticks))
    monkeypatch.setattr("rag.evaluation.recorded.time", clock)
    report = evaluate(ENGINE, QUESTIONS).to_json()
    overall = report["overall"]
    assert overall["questions"] == 6
    assert overall["short_answer"] == pytest.approx(1 / 2)  # question 3 failed
    assert overall["list_f1"] == pytest.approx(2 / 3)
    assert overall["evidence_accuracy"] == pytest.approx(2 / 3)
    assert overall["citation_precision"] == pytest.approx(2 / 4)
    assert overall["citation_recall"] == pytest.approx(2 / 3)
    assert overall["rightly_refused"] == pytest.approx(1 / 3)  # question 6 failed
    assert overall["wrongly_refused"] == pytest.approx(1 / 3)
    assert overall["offset_integrity"] == 1
    assert overall["values_found"] is None
    assert overall["auroc"] == pytest.approx(4 / 9)  # a failed question loses to all
    # each answered question its own bin: 0.8 and 0.6 right, 0.3 wrong
    assert overall["calibration_error"] == pytest.approx((0.2 + 0.4 + 0.3) / 3)
    counts = overall["counts"]
    assert (counts["list_f1"], counts["short_answer"], counts["rightly_refused"]) == (1, 2, 3)
    assert (counts["values_found"], counts["auroc"], counts["calibration_error"]) == (0, 6, 3)
    assert overall["quote_words"] == 3  # of 4, 3, 3, 3
    assert overall["p50_seconds"] == 3.5
    assert list(report["by_split"]) == ["dev", "test"]
    assert report["by_split"]["dev"]["short_answer"] == 1
    assert report["by_split"]["test"]["short_answer"] == 0
    assert list(report["by_kind"]) == ["fact", "list", "none"]
    assert report["by_kind"]["none"]["citation_precision"] == 0
    assert report["by_kind"]["none"]["auroc"] is None


def test_rows_keep_what_was_said_and_what_is_wrong_with_it() -> None:
    rows = evaluate(ENGINE, QUESTIONS).to_json()["rows"]
    assert [row["problems"] for row in rows] == [
        ["list 0.67"],
        [],
        ["failed: too hard"],
        ["answered, nothing does"],
        [],
        ["failed: too hard"],
    ]
    assert rows[0]["claims"] == ["Italy", "France"]
    assert rows[0]["accepted"] == ["Italy"]
    assert rows[0]["measures"]["list_precision"] == pytest.approx(1 / 2)
    assert rows[2]["error"] == "too hard"
    assert [row["answered"] for row in rows] == [True, True, False, True, False, False]
    json.dumps(rows, allow_nan=False)


def test_text_has_an_aligned_table_and_the_wrong_rows() -> None:
    lines = evaluate(ENGINE, QUESTIONS).to_text().splitlines()
    table = lines[: lines.index("")]
    assert table[0].split() == ["n", "overall", "95%", "dev", "test", "fact", "list", "none"]
    assert table[1].split() == ["questions", "6", "2", "4", "2", "1", "3"]
    assert len({len(line) for line in table}) == 1
    scores = {line.split()[0]: line.split()[1:] for line in table[1:]}
    assert scores["list_f1"] == ["1", "0.67", "0.67–0.67", "0.67", "–", "–", "0.67", "–"]
    refused = ["−", "3", "0.33", "0.00–1.00", "0.00", "1.00", "0.50", "0.00", "–"]
    assert scores["wrongly_refused"] == refused
    assert scores["values_found"] == ["0", "–", "–", "–", "–", "–", "–", "–"]
    wrong = lines[lines.index("4 of 6 rows wrong") + 1 :]
    assert wrong == [
        "1 dev list: question 1?",
        "    list 0.67",
        "    said:   Italy | France",
        "    wanted: Italy",
        "3 test fact: question 3?",
        "    failed: too hard",
        "    wanted: France",
        "4 test none: question 4?",
        "    answered, nothing does",
        "    said:   26",
        "6 test none: question 6?",
        "    failed: too hard",
    ]


def test_the_curve_of_risk_and_coverage() -> None:
    report = evaluate(ENGINE, QUESTIONS)
    # Failures go first, as wrong; then 0.8 and 0.6 right, 0.3 wrong, and a refusal.
    points = report.to_json()["risk_coverage"]["points"]
    assert [point["confidence"] for point in points] == [None, 0.8, 0.6, 0.3, 0.2]
    assert [point["coverage"] for point in points] == pytest.approx([2 / 6, 1 / 2, 4 / 6, 5 / 6, 1])
    assert [point["risk"] for point in points] == pytest.approx([1, 2 / 3, 1 / 2, 3 / 5, 4 / 6])
    area = (1 + 1 + 2 / 3 + 1 / 2 + 3 / 5 + 4 / 6) / 6
    assert report.overall.values["aurc"] == report.curve.area == pytest.approx(area)
    assert report.curve.best_area == pytest.approx((0 + 0 + 1 / 3 + 2 / 4 + 3 / 5 + 4 / 6) / 6)
    text = report.to_text()
    assert "25%: 1.00, 50%: 0.67, 75%: 0.60, 100%: 0.67" in text
    assert "(area 0.739; 0.350 if" in text
    assert "it answers 3 and is wrong on 1." in text


def test_an_index_of_other_documents_is_refused() -> None:
    other = GoldQuestion("9", "dev", "?", "fact", (GoldAnswer("x", (), (locate("b", "x", "x"),)),))
    with pytest.raises(EvaluationError, match="question 9: b:0-1: the index holds no document b"):
        evaluate(ENGINE, [other])
    with pytest.raises(EvaluationError, match="no questions"):
        evaluate(ENGINE, [])


def test_citations_of_documents_without_gold_are_checked_too() -> None:
    report = evaluate(ENGINE, [gold("4", "test", "none")]).to_json()
    assert report["overall"]["offset_integrity"] == 1
    assert report["overall"]["citation_precision"] == 0


def test_saved_replies_score_as_when_they_were_asked(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    asked = evaluate(ENGINE, QUESTIONS, save=path)
    again = score_replies(QUESTIONS, load_replies(path, QUESTIONS), ENGINE)
    assert again == asked
    assert [row.error for row in again.rows] == ["", "", "too hard", "", "", "too hard"]


def test_a_question_without_a_saved_reply_scores_zero(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    evaluate(ENGINE, QUESTIONS[:1], save=path)
    report = score_replies(QUESTIONS[:2], load_replies(path, QUESTIONS), ENGINE)
    assert report.rows[1].problems == ("failed: no reply was saved",)
    assert report.overall.shares["wrongly_refused"].value == pytest.approx(1 / 2)


def test_replies_to_a_part_of_a_set_are_taken_from_a_file_with_all(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    evaluate(ENGINE, QUESTIONS, save=path)
    part = score_replies(QUESTIONS[3:5], load_replies(path, QUESTIONS), ENGINE)
    assert [row.question.id for row in part.rows] == ["4", "5"]
    assert [row.reply.answered for row in part.rows] == [True, False]


def test_replies_cannot_be_kept_in_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="cannot be written"):
        evaluate(ENGINE, QUESTIONS, save=tmp_path / "absent" / "replies.jsonl")


class BrokenReader(FakeEngine):
    def ask(self, question: str) -> Answer | Abstention:  # noqa: ARG002
        raise ModelError("no reader is in 'absnt'")


class BrokenIndex(FakeEngine):
    def document(self, document_id: str) -> Document:  # noqa: ARG002
        raise IndexDamagedError("the index cannot be read")


@pytest.mark.parametrize(
    ("engine", "error"), [(BrokenReader({}), ModelError), (BrokenIndex({}), IndexDamagedError)]
)
def test_an_error_that_is_not_of_one_question_ends_the_run(
    tmp_path: Path, engine: FakeEngine, error: type[CitableError]
) -> None:
    path = tmp_path / "replies.jsonl"
    with pytest.raises(error):
        evaluate(engine, QUESTIONS, save=path)
    assert not path.exists()  # so that the next run can be kept there


def test_a_document_that_is_cited_and_unknown_fails_offset_integrity() -> None:
    citation = {"number": 1, "document": "absent.txt", "start": 0, "end": 2, "quote": "ab"}
    claims = [{"text": "Ann", "citations": [1]}]
    said = {"answered": True, "confidence": 1, "claims": claims, "citations": [citation]}
    question = gold("4", "test", "none")
    report = score_replies([question], [Recorded("4", "", None, said)], ENGINE)
    assert report.overall.values["offset_integrity"] == 0


def test_intervals_are_drawn_once_and_only_for_what_is_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[int] = []
    real = summary.bootstrap

    def counting(ids: Sequence[str]) -> Floats | None:
        drawn.append(len(ids))
        return real(ids)

    monkeypatch.setattr(summary, "bootstrap", counting)
    report = evaluate(ENGINE, QUESTIONS)
    report.to_text()
    assert drawn == [6]  # the interval of the overall figures alone is printed
    report.to_json()
    assert drawn == [6, 2, 4, 2, 1, 3]  # and now of two splits and three kinds
    report.to_json()
    assert len(drawn) == 6
