"""`citable eval new`, driven through its input and output."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.errors import EvaluationError
from rag.evaluation import load_questions
from rag.evaluation.questions import check_evidence
from rag.evaluation.writing import Writing, find_quote

ROOT = Path(__file__).parents[1]
CRACKS = "Engineers found cracks in two piers."
FACT = ["What did engineers find?", "fact", "cracks", "fissures | cracks in piers", CRACKS, "", ""]


def sitting(engine: Engine, path: Path, *lines: str) -> str:
    """What is said when these lines are typed."""
    out = io.StringIO()
    source = io.StringIO("".join(f"{line}\n" for line in lines))
    Writing(engine, path, "dev", source, out).run()
    return out.getvalue()


def test_a_question_with_its_evidence(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    said = sitting(engine, path, *FACT, "")
    assert "bridge.txt" in said
    assert "Written: q001; pieces of evidence: 1." in said
    assert said.endswith("Questions added: 1.\n")
    (question,) = load_questions(path)
    assert (question.id, question.split, question.kind) == ("q001", "dev", "fact")
    (answer,) = question.answers
    assert answer.accepted == ("cracks", "fissures", "cracks in piers")
    texts = {one.id: engine.document(one.id).text for one in engine.documents()}
    check_evidence([question], texts)
    assert answer.evidence[0].quote == CRACKS


def test_all_kinds_ask_for_what_they_need(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    lines = [
        *("Who says it will not open?", "who_said", "", "Ida Holm", "Mayor Ida Holm", ""),
        *("said Mayor Ida Holm", "", ""),
        *("Did engineers find cracks?", "maybe", "yesno", "perhaps", "yes", "Yes", "", CRACKS),
        *("", ""),
        *("Which towns have a ferry?", "list", "affirmed", "Sollerön", ""),
        *("The ferry to Sollerön runs twice a day.", "", ""),
        *("Who painted it?", "none", "", "not said"),
    ]
    said = sitting(engine, path, *lines)
    assert "That is needed." in said
    assert "One of yes, no, unclear, please." in said
    assert "The input ended" in said
    by_kind = {one.kind: one for one in load_questions(path)}
    assert by_kind["who_said"].speaker == "Ida Holm"
    assert by_kind["yesno"].yesno == "yes"
    assert by_kind["list"].polarity == "affirmed"
    assert by_kind["none"].why_unanswerable == "not said"
    assert [one.id for one in load_questions(path)] == ["q001", "q002", "q003", "q004"]


def test_what_is_wrong_is_said_and_not_written(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    sitting(engine, path, *FACT)
    before = path.read_bytes()
    said = sitting(
        engine,
        path,
        "what did  engineers FIND?",
        "???",
        *("When did it close?", "date", "Monday", "", "It closed on Monday.", "", ""),
        *("What closed?", "fact", "the bridge"),
    )
    assert "That question is in the set already." in said
    assert "the question is empty" in said
    assert "stands in no document" in said
    assert "Without evidence this answer is left out." in said
    assert "an unfinished question is not written" in said
    assert path.read_bytes() == before


def test_a_set_that_is_there_is_kept(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    sitting(engine, path, *FACT)
    row = {**json.loads(path.read_text(encoding="utf-8")), "id": "q002", "question": "Other?"}
    path.write_text(json.dumps(row), encoding="utf-8")  # without a line's end
    sitting(engine, path, *FACT)
    assert [one.id for one in load_questions(path)] == ["q002", "q003"]
    path.write_text("no set\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="line 1: is not JSON"):
        sitting(engine, path, *FACT)
    assert path.read_text(encoding="utf-8") == "no set\n"


def test_a_quote_is_found_wherever_it_stands() -> None:
    texts = {"a": "One  two\nthree. Four.", "b": "one. One two three.", "c": "x x"}
    spans = find_quote("One two  three.", texts)
    assert [(s.document, s.start, s.quote) for s in spans] == [
        ("a", 0, "One  two\nthree."),
        ("b", 5, "One two three."),
    ]
    with pytest.raises(EvaluationError, match="stands 2 times in c"):
        find_quote("x", texts)
    with pytest.raises(EvaluationError, match="in no document"):
        find_quote("(five", texts)


@pytest.mark.model
def test_it_can_be_piped(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    Engine.build(corpus, index=index).close()
    command = [sys.executable, "-m", "rag.cli", "eval", "new", "set.jsonl", "--index", str(index)]
    done = subprocess.run(
        command,
        input="\n".join(FACT) + "\n\n",
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Questions added: 1." in done.stdout
    assert load_questions(tmp_path / "set.jsonl")[0].answers[0].text == "cracks"
