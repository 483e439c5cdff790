"""Progress: what a person at a terminal sees, and that nobody else sees anything."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios

import pytest

from rag.progress import Bar, counted
from tests.conftest import ROOT

PROGRAM = """
import sys, time, rag.progress
rag.progress.SHOWN_AFTER_SECONDS = 0.1
with rag.progress.Bar() as bar:
    bar("Counting", 0, 4)
    time.sleep(0.5)
    bar("Counting", 2, 4)
    bar("Counting", 4, 4)
    print("counted", file=sys.stderr)
    bar("Waiting", 0, 1)
"""


def test_a_terminal_shows_a_line_that_goes_away() -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", PROGRAM], stderr=theirs, env=environment, check=True)
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert "Counting:  50%" in shown
    assert "2/4" in shown
    # The last stage was over before it had to be shown, and nothing is left of the first.
    assert "Waiting" not in shown
    assert shown.replace(" ", "").endswith("\r\rcounted\r\n")


def test_nothing_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar() as bar:
        assert list(counted("ab", "Reading", bar)) == ["a", "b"]
    assert capsys.readouterr() == ("", "")


def test_parts_are_counted_when_they_are_done() -> None:
    told: list[tuple[str, int, int]] = []
    parts = counted("ab", "Asking", lambda *one: told.append(one))
    assert next(parts) == "a"
    assert told == [("Asking", 0, 2)]
    assert next(parts) == "b"
    assert next(parts, "") == ""
    assert told == [("Asking", 0, 2), ("Asking", 1, 2), ("Asking", 2, 2)]
