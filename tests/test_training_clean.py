"""No question or passage of a test set is in the training mix."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.training.clean import Forbidden, key, read_forbidden
from rag.training.example import Example
from rag.training.mix import BUILDERS, allowed

DATA = os.environ.get("CITABLE_DATA", "")
TEXT = "The quiet old mill by the river has nine floors. It burned."


def example(question: str, context: str) -> Example:
    end = context.index(".") + 1
    return Example(question, context, (), ((0, end),), (False,), False, "made up")


def test_a_shared_sentence_overlaps_whatever_its_punctuation() -> None:
    sentence = "the quiet old mill by the river has nine floors"
    forbidden = Forbidden(frozenset(), frozenset({sentence}))
    assert forbidden.overlaps(example("How tall?", TEXT))
    assert not forbidden.overlaps(example("How tall?", TEXT.replace("nine", "ten")))


def test_a_shared_question_overlaps() -> None:
    forbidden = Forbidden(frozenset({key("How many floors has the mill?")}), frozenset())
    assert forbidden.overlaps(example("how many floors has the MILL", TEXT))
    assert not forbidden.overlaps(example("How many floors has the tower?", TEXT))


def test_short_sentences_belong_to_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "condaqa"
    folder.mkdir()
    (folder / "dev.jsonl").write_text(
        '{"sentence1": "It burned. The quiet old mill by the river has nine floors.",'
        ' "sentence2": "Did the old mill ever burn?", "label": "YES"}\n',
        encoding="utf-8",
    )
    forbidden = read_forbidden(tmp_path)
    assert key("Did the old mill ever burn?") in forbidden.questions
    assert key("The quiet old mill by the river has nine floors.") in forbidden.sentences
    assert key("It burned.") not in forbidden.sentences


@pytest.fixture(scope="module")
def forbidden() -> Forbidden:
    return read_forbidden(Path(DATA))


@pytest.mark.skipif(not DATA, reason="set CITABLE_DATA to the folder of the training data")
@pytest.mark.parametrize("source", sorted(BUILDERS))
def test_the_mix_has_nothing_of_the_tests(source: str, forbidden: Forbidden) -> None:
    # Enough was read to be looked for; the counts are those of the public files.
    assert len(forbidden.questions) > 5000
    assert len(forbidden.sentences) > 10_000
    examples = list(allowed(source, Path(DATA), 1, forbidden))
    assert len(examples) > 300
    questions = {key(e.question) for e in examples} & forbidden.questions
    # Looked for by a second route, in the windows' whole text rather than by their sentences.
    shown = " | ".join(sorted({key(e.context) for e in examples}))
    long = [s for s in forbidden.sentences if len(s.split()) >= 12 and s in shown]
    assert (questions, long) == (set(), [])
