"""Event folders become a corpus and a question set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.errors import EvaluationError
from rag.evaluation.newsroom import write_corpus
from rag.evaluation.questions import GoldSpan, check_evidence

TEXT = "🙂 Rome declined.\r\nRome spoke again.\n"


def event(**evidence: str) -> dict[str, Any]:
    proof = {"article": "ev1-a", "quote": "Rome declined.", "span": "Rome", **evidence}
    return {
        "articles": [
            {
                "id": "ev1-a",
                "publisher": "Wire",
                "title": "Élan",
                "published": "2026-01-02",
                "text": TEXT,
            }
        ],
        "questions": [
            {
                "question": "Which declined?",
                "kind": "list",
                "polarity": "declined",
                "answers": [{"text": "Italy", "aliases": ["the Italians"], "evidence": [proof]}],
            },
            {"question": "Why?", "kind": "none", "answers": [], "why_unanswerable": "not said"},
        ],
    }


def write(folder: Path, data: object, name: str = "ev1.json") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(data), encoding="utf-8")
    return folder


def test_corpus_and_questions(tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    listed, none = write_corpus(write(tmp_path / "dev", event()), out)
    assert (out / "ev1-a.txt").read_bytes().decode("utf-8") == TEXT
    assert json.loads((out / "metadata.jsonl").read_text(encoding="utf-8")) == {
        "document": "ev1-a.txt",
        "title": "Élan",
        "publisher": "Wire",
        "published": "2026-01-02",
    }
    assert (listed.id, listed.split, listed.polarity) == ("ev1-q01", "dev", "declined")
    assert listed.answers[0].accepted == ("Italy", "the Italians", "Rome")
    assert listed.evidence == (GoldSpan("ev1-a.txt", 2, 16, "Rome declined."),)
    assert (none.id, none.answerable, none.why_unanswerable) == ("ev1-q02", False, "not said")
    check_evidence([listed, none], {"ev1-a.txt": TEXT})


def test_writing_again_is_allowed_and_strange_files_are_not(tmp_path: Path) -> None:
    split, out = write(tmp_path / "unnamed", event()), tmp_path / "corpus"
    assert [q.split for q in write_corpus(split, out)] == ["test", "test"]
    assert len(write_corpus(split, out)) == 2
    (out / "other.txt").write_text("old", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"holds other\.txt; give a new or empty folder"):
        write_corpus(split, out)


@pytest.mark.parametrize(
    ("evidence", "message"),
    [
        ({"quote": "Rome"}, r"question 1: ev1-a\.txt: 'Rome' stands 2 times"),
        ({"quote": "Paris"}, "'Paris' stands 0 times"),
        ({"article": "ev9"}, "no article 'ev9'"),
    ],
)
def test_wrong_evidence_is_named(tmp_path: Path, evidence: dict[str, str], message: str) -> None:
    with pytest.raises(EvaluationError, match=rf"ev1\.json, question 1: .*{message}|{message}"):
        write_corpus(write(tmp_path / "dev", event(**evidence)), tmp_path / "corpus")
    assert not (tmp_path / "corpus").exists()


def test_wrong_files_are_named(tmp_path: Path) -> None:
    def refuse(data: object, message: str) -> None:
        with pytest.raises(EvaluationError, match=message):
            write_corpus(write(tmp_path / "dev", data), tmp_path / "corpus")

    refuse([], r"ev1\.json: needs a JSON object")
    refuse({"articles": "none"}, "'articles' needs a list")
    untitled = event()
    untitled["articles"][0]["title"] = ""
    refuse(untitled, "an article needs a text for title")
    outside = event()
    outside["articles"][0]["id"] = "../ev1-a"
    refuse(outside, "cannot be a file name")
    twice = event()
    twice["articles"] *= 2
    refuse(twice, "article ev1-a stands twice")
    bare = event()
    del bare["questions"][0]["answers"][0]["text"]
    refuse(bare, "question 1: an answer lacks 'text'")
    label = event()
    label["questions"][0]["kind"] = "yesno"
    refuse(label, "question 1: 'yesno' needs one of")
    write(tmp_path / "dev", event(), "ev2.json")
    refuse(event(), r"ev2\.json: article ev1-a stands in another file too")
    (tmp_path / "dev" / "ev1.json").write_text("{", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"ev1\.json: is not JSON"):
        write_corpus(tmp_path / "dev", tmp_path / "corpus")
    with pytest.raises(EvaluationError, match="holds no event files"):
        write_corpus(tmp_path / "absent", tmp_path / "corpus")
