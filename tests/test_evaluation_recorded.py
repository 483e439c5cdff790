"""Files of replies of any system: both forms, and what is refused with its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import EvaluationError
from rag.evaluation.questions import GoldQuestion
from rag.evaluation.recorded import Recorded, load_replies, save_replies
from rag.types import JSON

QUESTIONS = [GoldQuestion(row_id, "dev", f"Who is {row_id}?", "none", ()) for row_id in "abc"]
REFUSED: JSON = {"answered": False, "confidence": 0.25, "claims": [], "citations": []}
CITATION = {"number": 1, "document": "x.txt", "start": 0, "end": 2, "quote": "ab"}
ANSWERED: JSON = {
    "answered": True,
    "confidence": 1,
    "answer": "Ann [1]",
    "claims": [{"text": "Ann", "citations": [1]}],
    "citations": [CITATION],
}


def write(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "answers.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_the_contract_with_an_id_is_enough(tmp_path: Path) -> None:
    rows = [{"id": "a", **ANSWERED}, "", {"id": "b", "question": " Who  is b? ", **REFUSED}]
    first, second = load_replies(write(tmp_path, *rows), QUESTIONS)
    assert (first.id, first.seconds, first.error) == ("a", None, "")
    assert first.reply().claims[0].text == "Ann"
    assert first.reply().confidence == 1.0
    assert (second.reply().answered, second.reply().missing) == (False, False)


def test_the_form_in_which_replies_are_kept(tmp_path: Path) -> None:
    kept = [
        Recorded("a", "Who is a?", 1.5, ANSWERED),
        Recorded("b", "Who is b?", 0.25, None, "too hard"),
        Recorded("c", "Who is c?", None, REFUSED),
    ]
    path = tmp_path / "kept.jsonl"
    save_replies(kept, path)
    assert load_replies(path, QUESTIONS) == kept
    assert kept[1].reply().missing


def test_an_answer_of_null_is_a_missing_one(tmp_path: Path) -> None:
    (one,) = load_replies(write(tmp_path, {"id": "a", "answer": None}), QUESTIONS)
    assert (one.reply().missing, one.error) == (True, "no answer was given")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "is no saved reply"),
        ("[]", "is no saved reply"),
        ("7", "is no saved reply"),
        ({"answered": True}, "'id'"),
        ({"id": 7, **REFUSED}, "'id' is 7, which is no text"),
        ({"id": "b"}, "KeyError: 'answer'"),
        ({"id": "b", "answer": "Ann"}, "'answer' is str"),
        ({"id": "b", "seconds": -1, **REFUSED}, "'seconds' is -1"),
        ({"id": "b", "seconds": "1", **REFUSED}, "TypeError"),
        ({"id": "z", **REFUSED}, "the set has no question 'z'"),
        ({"id": "a", **REFUSED}, "question a is answered already on line 1"),
        (
            {"id": "b", "question": "Why?", **REFUSED},
            r"question b reads 'Who is b\?', and the reply is to 'Why\?'",
        ),
        ({"id": "b", **REFUSED, "answered": 0}, "'answered' is 0, which is no bool"),
        ({"id": "b", "answer": {**REFUSED, "confidence": 2}}, "'confidence' is 2"),
        ({"id": "b", **ANSWERED, "citations": []}, "a claim cites 1"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, row: object, message: str) -> None:
    path = write(tmp_path, {"id": "a", **REFUSED}, "", row)
    with pytest.raises(EvaluationError, match=rf"answers\.jsonl, line 3: .*{message}"):
        load_replies(path, QUESTIONS)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"absent\.jsonl: cannot be read"):
        load_replies(tmp_path / "absent.jsonl", QUESTIONS)
    (tmp_path / "binary").write_bytes(b"\xff\xfe{")
    with pytest.raises(EvaluationError, match="binary: cannot be read"):
        load_replies(tmp_path / "binary", QUESTIONS)


KEPT = [Recorded(row_id, f"Who is {row_id}?", None, REFUSED) for row_id in "ab"]


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    path.write_text("hours of answers", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"kept\.jsonl: is there already: name a new file"):
        save_replies(KEPT, path)
    assert path.read_text(encoding="utf-8") == "hours of answers"


def test_a_run_that_is_interrupted_keeps_what_it_has(tmp_path: Path) -> None:
    def asked() -> Iterator[Recorded]:
        yield KEPT[0]
        raise TimeoutError("the engine's own")  # an OSError, and none of the file

    path = tmp_path / "kept.jsonl"
    with pytest.raises(TimeoutError, match="the engine's own"):
        save_replies(asked(), path)
    assert load_replies(path, QUESTIONS) == KEPT[:1]


def test_a_file_that_goes_wrong_on_the_way_is_named(tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"

    def asked() -> Iterator[Recorded]:
        yield KEPT[0]
        path.unlink()
        path.mkdir()
        yield KEPT[1]

    with pytest.raises(EvaluationError, match=r"kept\.jsonl: cannot be written: "):
        save_replies(asked(), path)
