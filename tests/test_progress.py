"""Progress: what a person at a terminal sees, and that nobody else sees anything."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from rag.progress import Bar, counted, line_of
from tests.conftest import ROOT

PROGRAM = """
import sys, time, rag.progress
rag.progress.SHOWN_AFTER_SECONDS, rag.progress.DRAWN_EVERY_SECONDS = 0.1, 0.01
with rag.progress.Bar() as bar:
    bar("Counting", 1, 2)
    time.sleep(0.5)
    bar("Counting", 2, 2)
    print("counted", file=sys.stderr)
    bar("Waiting", 0, 1)
"""


def test_a_terminal_shows_a_line_that_goes_away() -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", PROGRAM], stderr=theirs, env=environment, check=True)
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    lines = shown.split("\r\x1b[K")
    assert lines[0] == ""
    assert lines[1].startswith("Counting: 1 of 2 (50%), ")
    assert lines[1].endswith(" a second, 0:00 left")
    # The last stage was over before it had to be shown.
    assert lines[-1] == "counted\r\n"


def test_nothing_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar() as bar:
        assert list(counted("ab", "Reading", bar)) == ["a", "b"]
    assert capsys.readouterr() == ("", "")


def test_the_line() -> None:
    assert line_of("Reading", 0, 40, 3.4) == "Reading: 0 of 40 (0%), 0:03 so far"
    assert line_of("Reading", 500, 2000, 40) == (
        "Reading: 500 of 2,000 (25%), 12.5 a second, 2:00 left"
    )
    assert line_of("Reading", 1000, 1_000_000, 10) == (
        "Reading: 1,000 of 1,000,000 (0%), 100 a second, 2:46:30 left"
    )


def test_parts_are_counted_when_they_are_done() -> None:
    told: list[tuple[str, int, int]] = []
    parts = counted("ab", "Asking", lambda *one: told.append(one))
    assert next(parts) == "a"
    assert told == [("Asking", 0, 2)]
    assert next(parts) == "b"
    assert next(parts, "") == ""
    assert told == [("Asking", 0, 2), ("Asking", 1, 2), ("Asking", 2, 2)]
