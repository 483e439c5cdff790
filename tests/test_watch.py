"""`citable watch`: a real process over a real folder."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from watchfiles import Change

from rag.engine import Engine
from rag.index.update import LOCK_NAME
from rag.watching import concerns_documents
from tests.conftest import ROOT
from tests.fakes import WordEncoder

PROGRAM = """
import sys, rag.indexing, rag.watching
from rag.cli import main
from tests.fakes import WordEncoder
rag.indexing.load_encoder = lambda *_: WordEncoder()
rag.watching.RETRY_SECONDS = 0.5
sys.exit(main(["watch", *sys.argv[1:]]))
"""
# A busy machine takes long to start a process; a mistake waits for this long.
PATIENCE = 60.0


class Watch:
    """A process that watches; its lines, without the time of day, as they come."""

    def __init__(self, *arguments: str | Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n").rsplit("  ", 1)[-1])

    def said(self) -> str:
        return self.lines.get(timeout=PATIENCE)

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def watch() -> Iterator[Callable[..., Watch]]:
    started: list[Watch] = []

    def start(*arguments: str | Path) -> Watch:
        started.append(Watch(*arguments))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


def found(index: Path, words: str) -> list[str]:
    with Engine.open(index, encoder=WordEncoder()) as engine:
        return [hit.passage.text for hit in engine.search(words, 1)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_index_follows_the_folder(
    corpus: Path, watch: Callable[..., Watch], number: int
) -> None:
    # Below the folder that is watched, as by `citable watch .`: its own changes are no documents'.
    index = corpus / "index"
    running = watch(corpus, "--index", index)
    assert running.said().startswith("3 added, 0 changed, 0 unchanged, 0 removed, 0 skipped; ")

    (corpus / "towns" / "mill.txt").write_text("The mill grinds rye.", encoding="utf-8")
    assert running.said().startswith("1 added, 0 changed, 3 unchanged, 0 removed, ")
    assert found(index, "mill rye") == ["The mill grinds rye."]

    new = corpus / "bridge.new"  # as editors save: a new file takes the old one's name
    new.write_text("The bridge is open again.", encoding="utf-8")
    new.rename(corpus / "bridge.txt")
    assert running.said().startswith("0 added, 1 changed, 3 unchanged, 0 removed, ")
    assert found(index, "bridge open again") == ["The bridge is open again."]

    (corpus / "towns").rename(corpus.parent / "elsewhere")
    assert running.said().startswith("0 added, 0 changed, 2 unchanged, 2 removed, ")
    (corpus.parent / "elsewhere").rename(corpus / "villages")
    assert running.said().startswith("2 added, 0 changed, 2 unchanged, 0 removed, ")

    (corpus / "broken.txt").write_bytes(bytes(range(256)))
    assert running.said().startswith("skipped broken.txt: ")
    (corpus / "library.md").unlink()  # what is skipped is told once
    assert running.said().startswith("0 added, 0 changed, 3 unchanged, 1 removed, 1 skipped")
    assert running.end(number) == 0
    assert running.lines.empty()


def test_a_failed_update_is_told_once_and_made_up_for(
    corpus: Path, tmp_path: Path, watch: Callable[..., Watch]
) -> None:
    index = tmp_path / "index"
    running = watch(corpus, "--index", index)
    assert running.said().startswith("3 added")
    with FileLock(index / LOCK_NAME):
        (corpus / "mill.txt").write_text("The mill grinds rye.", encoding="utf-8")
        assert running.said().startswith("not updated: another process (")
        time.sleep(1.5)  # it has tried again
    assert running.said().startswith("1 added, 0 changed, 3 unchanged")
    # A folder that is gone, as a drive is, does not empty the index; what comes back is watched.
    corpus.rename(tmp_path / "away")
    assert "no such file or folder" in running.said()
    assert found(index, "mill rye") == ["The mill grinds rye."]
    (tmp_path / "away").rename(corpus)
    assert running.said().startswith("0 added, 0 changed, 4 unchanged, 0 removed")
    (corpus / "mill.txt").write_text("The mill grinds oats.", encoding="utf-8")
    assert running.said().startswith("0 added, 1 changed, 3 unchanged")
    assert running.end(signal.SIGTERM) == 0


def test_what_keeps_the_first_update_from_being_done_ends_it(
    corpus: Path, tmp_path: Path, watch: Callable[..., Watch]
) -> None:
    running = watch(tmp_path / "nowhere", "--index", tmp_path / "index")
    assert running.process.wait(PATIENCE) == 1
    assert "nowhere: there is no such folder to watch" in running.said()
    (tmp_path / "file").touch()
    running = watch(corpus, "--index", tmp_path / "file" / "index")
    assert running.process.wait(PATIENCE) == 1
    assert "cannot write the index folder" in running.said()


def test_which_changes_concern_documents(corpus: Path) -> None:
    index = corpus / "index"

    def counts(name: str, change: Change = Change.modified) -> bool:
        return concerns_documents(change, corpus / name, [corpus, corpus / ".mine"], index)

    assert counts("bridge.txt")
    assert counts("scan.PDF")
    assert counts("metadata.jsonl")
    assert counts("towns", Change.added)
    assert counts("v1.2", Change.deleted)
    assert counts(".mine/notes.md")
    assert not counts("table.csv")
    assert not counts(".git/notes.txt")
    assert not counts("~$letter.docx")
    assert not counts("index/citable.sqlite3")
    assert not counts("index/old.txt", Change.deleted)
