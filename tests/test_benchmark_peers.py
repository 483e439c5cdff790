"""What the peers' scripts share: the answer is the best sentence, in the contract's JSON."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from rag.evaluation.replies import Reply

PEERS = Path(__file__).parents[1] / "eval" / "benchmarks" / "peers"
PASSAGES = [
    {
        "document": "a",
        "start": 10,
        "text": "It rained. Ann ran.",
        "sentences": [[10, 20], [21, 29]],
    },
    {"document": "b", "start": 0, "text": "Ben sat.", "sentences": [[0, 8]]},
    {"document": "a", "start": 21, "text": "Ann ran.", "sentences": [[21, 29]]},
]


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PEERS / f"{name}.py")
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def embed(texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Vectors by which texts that name Ann are near each other."""
    return np.array([[0.6, 0.8] if "Ann" in text else [1.0, 0.0] for text in texts])


def test_the_answer_is_the_nearest_sentence_of_the_passages_found() -> None:
    said = module("common").answer("What did Ann do?", PASSAGES, lambda *_: [1, 0, 2], embed)
    reply = Reply.from_json(said)
    (cited,) = reply.citations
    assert (cited.document, cited.start, cited.end, cited.quote) == ("a", 21, 29, "Ann ran.")
    assert reply.claims[0].text == "Ann ran."
    assert reply.confidence == pytest.approx(1)


def test_nothing_found_is_a_refusal() -> None:
    said = module("common").answer("What?", PASSAGES, lambda *_: [], embed)
    assert not Reply.from_json(said).answered


def test_answers_are_written_with_their_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = {
        "model": "m",
        "passages": PASSAGES,
        "questions": [{"id": "q1", "question": "Ann?"}, {"id": "q2", "question": "Who?"}],
    }
    (tmp_path / "work.json").write_text(json.dumps(work), encoding="utf-8")
    names = [str(tmp_path / "work.json"), str(tmp_path / "answers.jsonl")]
    monkeypatch.setattr(sys, "argv", ["script", *names])
    given: list[object] = []

    def build(passages: Sequence[str], model: str) -> object:
        given.extend([*passages, model])
        return (lambda _question, k: list(range(k))[:3]), embed

    module("common").main(build)
    assert given == ["It rained. Ann ran.", "Ben sat.", "Ann ran.", "m"]
    rows = [json.loads(line) for line in (tmp_path / "answers.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == ["q1", "q2"]
    assert all(row["seconds"] >= 0 for row in rows)


def test_each_peer_has_its_script_and_pinned_versions() -> None:
    environments = module("environments")
    packages = [p for peer in environments.PEERS.values() for p in (*environments.COMMON, *peer)]
    assert all("==" in package for package in packages)
    assert len(list(PEERS.glob("run_*.py"))) == len(environments.PEERS)
