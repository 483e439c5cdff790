"""Question sets: reading, checking, writing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.errors import EvaluationError
from rag.evaluation.questions import (
    GoldSpan,
    Party,
    check_evidence,
    load_questions,
    locate,
    save_questions,
)

SPAN = {"document": "a.txt", "start": 0, "end": 4, "quote": "Rome"}
ANSWER = {"text": "Italy", "aliases": ["Rome"], "evidence": [SPAN]}
FACT: dict[str, Any] = {
    "id": "1",
    "split": "dev",
    "question": "Who?",
    "kind": "fact",
    "answers": [ANSWER],
}
LIST: dict[str, Any] = {**FACT, "kind": "list", "polarity": "declined"}
NONE: dict[str, Any] = {
    **FACT,
    "id": "2",
    "question": "Why?",
    "kind": "none",
    "answers": [],
    "why_unanswerable": "not said",
}


def write(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "set.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_rows_are_read_in_order_and_blank_lines_skipped(tmp_path: Path) -> None:
    yesno = {**FACT, "id": "3", "question": "Is it?", "kind": "yesno", "yesno": "unclear"}
    fact, none, third = load_questions(write(tmp_path, FACT, "", NONE, yesno, ""))
    assert (fact.id, fact.answerable, none.answerable) == ("1", True, False)
    assert fact.answers[0].accepted == ("Italy", "Rome")
    assert fact.evidence == (GoldSpan("a.txt", 0, 4, "Rome"),)
    assert none.why_unanswerable == "not said"
    assert third.yesno == "unclear"


def test_a_written_set_reads_back_equal(tmp_path: Path) -> None:
    said = {**FACT, "id": "4", "question": "Who said “é”?", "kind": "who_said", "speaker": "Ann"}
    polar = {**FACT, "id": "5", "question": "Which?", "kind": "list", "polarity": "declined"}
    other = {"polarity": "undecided", "text": "Spain", "aliases": ["Madrid"]}
    paired = {**polar, "id": "6", "question": "Who?!", "others": [other]}
    questions = load_questions(write(tmp_path, FACT, NONE, said, polar, paired))
    assert [q.others for q in questions[-2:]] == [(), (Party("undecided", "Spain", ("Madrid",)),)]
    save_questions(questions, tmp_path / "copy.jsonl")
    assert load_questions(tmp_path / "copy.jsonl") == questions


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "needs a JSON object, found list"),
        ({**FACT, "kind": "guess"}, "'kind' needs one of fact, .* not 'guess'"),
        ({**FACT, "split": "all"}, "'split' needs one of train, dev, test"),
        ({**FACT, "question": " "}, "'question' needs a text"),
        ({**FACT, "id": 7}, "'id' needs a text"),
        ({**FACT, "answers": []}, "kind fact needs at least one answer"),
        ({**FACT, "answers": "Italy"}, "'answers' needs a list of objects"),
        ({**FACT, "polarity": "maybe"}, "'polarity' needs one of"),
        ({**FACT, "others": []}, "'others' needs a list question with a polarity"),
        ({**LIST, "others": [{"text": "x", "polarity": "declined"}]}, "party 1: has the polarity"),
        ({**LIST, "others": [{"polarity": "affirmed"}]}, "party 1: 'text' needs a text"),
        ({**LIST, "others": ["Spain"]}, "'others' needs a list of objects"),
        ({**FACT, "kind": "yesno"}, "'yesno' needs one of yes, no, unclear"),
        ({**FACT, "kind": "what_said"}, "'speaker' needs a text"),
        ({**FACT, "kind": "none"}, "kind none has no answers"),
        ({**NONE, "why_unanswerable": ""}, "'why_unanswerable' needs a text"),
        ({**FACT, "answers": [{**ANSWER, "aliases": [""]}]}, "answer 1: 'aliases' needs a list"),
        ({**FACT, "answers": [{**ANSWER, "evidence": []}]}, "answer 1: needs evidence"),
        (
            {**FACT, "answers": [{**ANSWER, "evidence": [{**SPAN, "start": "0"}]}]},
            "whole numbers",
        ),
        (
            {**FACT, "answers": [{**ANSWER, "evidence": [{**SPAN, "end": 5}]}]},
            "a.txt:0-5 does not fit a quote of 4",
        ),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(tmp_path: Path, row: object, message: str) -> None:
    with pytest.raises(EvaluationError, match=rf"set\.jsonl, line 2: .*{message}"):
        load_questions(write(tmp_path, {**FACT, "id": "0", "question": "When?"}, row))


def test_repeated_ids_and_questions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="line 2: id '1' stands already on line 1"):
        load_questions(write(tmp_path, FACT, {**NONE, "id": "1"}))
    with pytest.raises(EvaluationError, match=r"line 2: question 'who\?' stands already"):
        load_questions(write(tmp_path, FACT, {**FACT, "id": "9", "question": "WHO?"}))


def test_files_that_are_no_set_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"absent\.jsonl: cannot be read"):
        load_questions(tmp_path / "absent.jsonl")
    with pytest.raises(EvaluationError, match="holds no questions"):
        load_questions(write(tmp_path, "", ""))
    (tmp_path / "binary").write_bytes(b"\xff\xfe{")
    with pytest.raises(EvaluationError, match="is not UTF-8"):
        load_questions(tmp_path / "binary")
    with pytest.raises(EvaluationError, match="cannot be written"):
        save_questions([], tmp_path / "absent" / "set.jsonl")


def test_evidence_is_checked_against_the_texts(tmp_path: Path) -> None:
    questions = load_questions(write(tmp_path, FACT))
    check_evidence(questions, {"a.txt": "Rome said no"})
    with pytest.raises(EvaluationError, match=r"question 1: .*holds no document a\.txt"):
        check_evidence(questions, {"b.txt": "Rome"})
    with pytest.raises(EvaluationError, match=r"a\.txt:0-4: the document does not read 'Rome'"):
        check_evidence(questions, {"a.txt": " Rome"})


def test_locate_counts_code_points_and_needs_one_place() -> None:
    assert locate("a", "🙂é Rome", "Rome") == GoldSpan("a", 3, 7, "Rome")
    with pytest.raises(EvaluationError, match="stands 2 times"):
        locate("a", "Rome, Rome", "Rome")
    with pytest.raises(EvaluationError, match="stands 0 times"):
        locate("a", "Rome", "")
