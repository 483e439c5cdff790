"""Indexing and asking at once: an answer is of one state of the corpus, the one before or after."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.errors import IndexWriteError
from rag.index.update import update_index
from rag.reader.similarity import SimilarityReader
from rag.results import Answer
from tests.conftest import ROOT
from tests.fakes import WordEncoder

TOWNS = ("Orsa", "Mora", "Rättvik")
QUESTION = "Which ferries cost kronor?"
UPDATES = 5


class Sure(SimilarityReader):
    """Answers whatever is asked: here it matters where a quote stands."""

    def threshold(self, _: str) -> float:
        return 0.0

    def least(self, _: str, best: float) -> float:
        return 0.0 * best


def text_of(town: str, state: int) -> str:
    """What a document says in a state of the corpus; the ranges move from one to the next."""
    return f"{'Notice. ' * state}The ferry to {town} costs {100 + state} kronor.\n"


def write(folder: Path, state: int) -> None:
    for town in TOWNS:
        (folder / f"{town}.txt").write_text(text_of(town, state), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    write(folder, 0)
    Engine.build(folder, index=tmp_path / "index", encoder=WordEncoder()).close()
    return folder


def writer(folder: Path, index: Path) -> subprocess.Popen[str]:
    """Another process that brings the index from state to state, and says so."""
    program = textwrap.dedent(f"""
        from pathlib import Path
        from rag.index.update import update_index
        from tests.fakes import WordEncoder
        from tests.test_consistency import write
        folder = Path({str(folder)!r})
        for state in range(1, {UPDATES} + 1):
            write(folder, state)
            update_index(Path({str(index)!r}), [folder], WordEncoder())
            print(state, flush=True)
    """)
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_answers_are_of_one_state_while_another_process_indexes(
    folder: Path, tmp_path: Path
) -> None:
    index, answers, stop = tmp_path / "index", list[Answer](), threading.Event()
    encoder = WordEncoder()

    def ask(engine: Engine) -> None:
        while not stop.is_set():
            answer = engine.ask(QUESTION)
            assert isinstance(answer, Answer)
            answers.append(answer)

    with Engine.open(index, encoder=encoder, reader=Sure(encoder)) as engine:
        people = [threading.Thread(target=ask, args=(engine,)) for _ in range(3)]
        for person in people:
            person.start()
        try:
            written, _ = writer(folder, index).communicate(timeout=60)
        finally:
            stop.set()
            for person in people:
                person.join()
        last = engine.ask(QUESTION)
        assert isinstance(last, Answer)
        answers.append(last)
        for citation in last.citations:
            text = engine.document(citation.source.id).text
            assert text[citation.start : citation.end] == citation.quote
    assert written.split() == [str(state) for state in range(1, UPDATES + 1)]
    assert any(len(answer.citations) == len(TOWNS) for answer in answers)
    seen = [states_of(answer) for answer in answers]
    assert all(len(states) == 1 for states in seen)
    in_order = [next(iter(states)) for states in seen]
    assert in_order[-1] == UPDATES
    assert len(set(in_order)) > 1  # they asked while it was written


def states_of(answer: Answer) -> set[int]:
    """The states of the corpus in which all that an answer cites stands where it is cited."""
    return {
        state
        for state in range(UPDATES + 1)
        if all(
            text_of(citation.source.id.removesuffix(".txt"), state)[citation.start : citation.end]
            == citation.quote
            for citation in answer.citations
        )
    }


def test_of_two_who_index_at_once_one_is_told_to_wait(folder: Path, tmp_path: Path) -> None:
    index, refused = tmp_path / "index", list[str]()
    inside, go_on = threading.Event(), threading.Event()

    class Slow(WordEncoder):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            inside.set()
            assert go_on.wait(20)
            return super().encode(texts)

    write(folder, 1)
    first = threading.Thread(target=update_index, args=(index, [folder], Slow()))
    first.start()
    assert inside.wait(20)
    try:
        update_index(index, [folder], WordEncoder())
    except IndexWriteError as error:
        refused.append(str(error))
    # Who asks meanwhile sees the state before.
    encoder = WordEncoder()
    with Engine.open(index, encoder=encoder, reader=Sure(encoder)) as engine:
        before = engine.ask(QUESTION)
        go_on.set()
        first.join()
        after = engine.ask(QUESTION)
    assert re.match(r"another process \(\d+ on .+\) is writing the index", refused[0])
    assert isinstance(before, Answer)
    assert isinstance(after, Answer)
    assert (states_of(before), states_of(after)) == ({0}, {1})
