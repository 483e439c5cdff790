"""The command line's contract: output, exit status, one-line errors."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import rag.engine
from rag.cli import main
from rag.reader.similarity import SimilarityReader
from tests.conftest import SEEDS
from tests.fakes import WordEncoder


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rag.engine, "load_encoder", lambda *_: WordEncoder())
    monkeypatch.setattr(rag.engine.TrainedReader, "load", lambda _: SimilarityReader(WordEncoder()))


def test_index_reports_and_sets_the_exit_status(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["index", str(corpus)]) == 0
    assert capsys.readouterr().out == (
        "3 added, 0 changed, 0 unchanged, 0 removed, 0 skipped; "
        "'index' holds 3 documents in 3 passages\n"
    )
    (corpus / "empty.txt").touch()
    (corpus / "binary.txt").write_bytes(bytes(range(256)))
    assert main(["index", str(corpus)]) == 3
    printed = capsys.readouterr()
    assert "skipped binary.txt: " in printed.err
    assert "skipped empty.txt: it is empty (0 bytes)" in printed.err
    assert printed.out.startswith("0 added, 0 changed, 3 unchanged, 0 removed, 2 skipped;")


def test_status(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["index", str(corpus), "--index", "elsewhere"])
    capsys.readouterr()
    assert main(["status", "--json", "--index", "elsewhere"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert [d["document"] for d in status["documents"]] == [
        "bridge.txt",
        "library.md",
        "towns/ferry.txt",
    ]
    assert (status["passages"], status["encoder"]) == (3, "words:64")
    assert main(["status", "--index", "elsewhere"]) == 0
    assert "documents  3" in capsys.readouterr().out


def test_ask_in_batches_keeps_order_and_keys(
    corpus: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    main(["index", str(corpus)])
    capsys.readouterr()
    rows = [
        {"id": 7, "question": "When was the library opened?"},
        {"question": "Who is the mayor?"},
    ]
    lines = [json.dumps(rows[0]), "", "What do ferry tickets cost?", json.dumps(rows[1])]
    (tmp_path / "q.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert main(["ask", "--questions", "q.jsonl", "--json"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [a["question"] for a in answers] == [
        "When was the library opened?",
        "What do ferry tickets cost?",
        "Who is the mayor?",
    ]
    assert answers[0]["id"] == 7
    monkeypatch.setattr(sys, "stdin", io.StringIO("What do ferry tickets cost?\n"))
    assert main(["ask", "--questions", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == answers[1]
    for answer in answers:
        assert set(answer) >= {
            "question", "answered", "confidence", "answer", "claims", "citations", "nearest",
            "reason", "notes",
        }  # fmt: skip
        for citation in answer["citations"]:
            text = (corpus / citation["document"]).read_bytes().decode()
            assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_ask_formats(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def asked(*arguments: str) -> str:
        assert main(["ask", *arguments]) == 0
        return capsys.readouterr().out

    main(["index", str(corpus)])
    capsys.readouterr()
    question = "What do tickets cost?"
    text, quote = asked(question), "Tickets cost 45 kronor."
    assert text == asked(question, "--format", "text")
    assert text.startswith(f"{question}\n\n- {quote} [1]\n")
    markdown = asked(question, "--format", "markdown")
    assert markdown == text.replace(question, f"**{question}**", 1)
    assert asked(question, "--format", "json") == asked(question, "--json")
    (item,) = json.loads(asked(question, "--format", "csl"))
    assert (item["id"], item["note"]) == ("ferry", "towns/ferry.txt")
    assert asked(question, "--format", "bibtex").startswith("@misc{ferry,\n")
    # Two answers from one document make one entry, and one without an answer none.
    batch = [question, "The ferry to Sollerön runs twice a day?", "Qwertz zxcv?"]
    (tmp_path / "q.txt").write_text("\n".join(batch), encoding="utf-8")
    assert main(["ask", "--questions", "q.txt", "--format", "csl"]) == 0
    printed = capsys.readouterr()
    assert [item["id"] for item in json.loads(printed.out)] == ["ferry"]
    assert printed.err.startswith("no answer to “Qwertz zxcv?”: ")
    assert asked("Qwertz zxcv?", "--format", "csl") == "[]\n"
    assert asked("Qwertz zxcv?", "--format", "bibtex") == ""


def test_search(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["index", str(corpus)])
    capsys.readouterr()
    assert main(["search", "ferry tickets", "-k", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["hits"]) == 2
    first = found["hits"][0]
    text = (corpus / first["document"]).read_bytes().decode()
    assert text[first["start"] : first["end"]] == first["text"]
    assert first["score"] > found["hits"][1]["score"]
    assert main(["search", "ferry", "--document", "bridge.txt", "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)["hits"]
    assert {hit["document"] for hit in hits} == {"bridge.txt"}
    assert main(["search", "ferry", "--publisher", "Nobody"]) == 0
    assert capsys.readouterr().out == "No passage matches the question and filters.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", ""], "the question is empty"),
        (["ask", "a" * 100_000], "100,000 characters"),
        (["ask", "What?", "--index", "nowhere"], "no index at 'nowhere'"),
        (["index", "nowhere"], "no such file or folder"),
        (["index", "CORPUS", "--index", "file/index"], "cannot write the index folder"),
        (["ask", "What?", "--index", "damaged"], "is damaged"),
        (["ask", "--questions", "nowhere.jsonl"], "cannot read the questions"),
        (["ask", "--questions", "bad.jsonl"], "bad.jsonl:2: the row has no question"),
        (["search", "bridge", "-k", "0"], "at least 1"),
        (["eval", "nowhere.jsonl"], "nowhere.jsonl"),
    ],
)
def test_each_error_is_one_line(
    corpus: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    main(["index", str(corpus)])
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "citable.sqlite3").write_bytes(b"not a database at all" * 99)
    (tmp_path / "bad.jsonl").write_text('{"question": "Yes?"}\n{"q": 1}\n', encoding="utf-8")
    capsys.readouterr()
    assert main([a.replace("CORPUS", str(corpus)) for a in arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("citable: ")
    assert printed.err.count("\n") == 1
    assert message in printed.err


def test_wrong_usage_is_status_2() -> None:
    for arguments in (
        ["ask"],
        ["ask", "Who?", "--questions", "f"],
        ["ask", "Who?", "--format", "pdf"],
        ["ask", "Who?", "--json", "--format", "csl"],
        ["nonsense"],
        [],
    ):
        with pytest.raises(SystemExit) as exit_info:
            main(arguments)
        assert exit_info.value.code == 2


@pytest.mark.model
def test_the_real_model_over_the_seeds(tmp_path: Path) -> None:
    def citable(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "rag.cli", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(SEEDS.parent)},
            capture_output=True,
            text=True,
            check=False,
        )

    indexed = citable("index", str(SEEDS))
    assert (indexed.returncode, indexed.stdout.split(";")[0]) == (
        0,
        "5 added, 0 changed, 0 unchanged, 0 removed, 0 skipped",
    )
    found = json.loads(citable("search", "Where was the summit held?", "--json").stdout)
    assert "Paris" in found["hits"][0]["text"]
    asked = citable("ask", "Who is the German chancellor?", "--json")
    assert asked.stderr == ""
    answer = json.loads(asked.stdout)
    assert answer["answered"]
    for citation in answer["citations"]:
        text = (SEEDS / citation["document"]).read_bytes().decode()
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert "Merz" in answer["claims"][0]["text"]
    lines = ["Which nations agreed to send forces?", "Who is the prime minister of Norway?"]
    (tmp_path / "questions.txt").write_text("\n".join(lines), encoding="utf-8")
    asked = citable("ask", "--questions", "questions.txt", "--json")
    agreed, unknown = [json.loads(line) for line in asked.stdout.splitlines()]
    assert {claim["text"] for claim in agreed["claims"]} == {"France", "United Kingdom"}
    assert not unknown["answered"]
