"""No question or passage of a test set is in the training mix."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from rag.training.clean import RUN_WORDS, Forbidden, key, read_forbidden, runs
from rag.training.example import Example
from rag.training.mix import BUILDERS, allowed

DATA = os.environ.get("CITABLE_DATA", "")
TEXT = "The quiet old mill by the river has nine floors. It burned."


def example(question: str, context: str) -> Example:
    end = context.index(".") + 1
    return Example(question, context, (), ((0, end),), (False,), False, "made up")


def test_a_shared_run_of_words_overlaps_whatever_its_punctuation() -> None:
    run = "the quiet old mill by the river has nine floors"
    forbidden = Forbidden(frozenset(), frozenset({run}))
    assert len(run.split()) == RUN_WORDS
    assert forbidden.overlaps(example("How tall?", f"Look, {TEXT}"))
    assert not forbidden.overlaps(example("How tall?", TEXT.replace("nine", "ten")))


def test_a_shared_question_overlaps() -> None:
    forbidden = Forbidden(frozenset({key("How many floors has the mill?")}), frozenset())
    assert forbidden.overlaps(example("how many floors has the MILL", TEXT))
    assert not forbidden.overlaps(example("How many floors has the tower?", TEXT))


def test_runs_are_read_from_the_tests_and_short_texts_belong_to_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "condaqa"
    folder.mkdir()
    rows = [(TEXT, "Did the old mill ever burn?"), ("It burned.", "Did it?")]
    lines = [json.dumps({"sentence1": text, "sentence2": asked}) for text, asked in rows]
    (folder / "dev.jsonl").write_text("\n".join(lines), encoding="utf-8")
    forbidden = read_forbidden(tmp_path)
    assert forbidden.questions == {"did the old mill ever burn"}
    assert forbidden.runs == {
        "the quiet old mill by the river has nine floors",
        "quiet old mill by the river has nine floors it",
        "old mill by the river has nine floors it burned",
    }


@pytest.fixture(scope="module")
def forbidden() -> Forbidden:
    return read_forbidden(Path(DATA))


@pytest.mark.skipif(not DATA, reason="set CITABLE_DATA to the folder of the training data")
@pytest.mark.parametrize("source", sorted(BUILDERS))
def test_the_mix_has_nothing_of_the_tests(source: str, forbidden: Forbidden) -> None:
    # Enough was read to be looked for; the counts are those of the public files.
    assert len(forbidden.questions) > 5000
    assert len(forbidden.runs) > 200_000
    examples = list(allowed(source, Path(DATA), 1, forbidden))
    assert len(examples) > 300
    assert not {key(e.question) for e in examples} & forbidden.questions
    for context in {e.context for e in examples}:
        assert not forbidden.runs & set(runs(context)), context
