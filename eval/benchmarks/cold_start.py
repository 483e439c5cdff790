"""Time whole processes from their start to the first passage and the first answer, beside peers.

python eval/benchmarks/cold_start.py [--passages N] [--runs 3] [--json FILE]

Every system indexes the same passages with the same model; then it is started anew for one
question. Of ours the command line is timed: `citable search` and `citable ask` to their first line;
`whole_seconds` end with the process. Peers find passages alone. The figures are medians; the
systems take turns, after one turn that is not counted: it brings files into the system's cache.
"""

from __future__ import annotations

import argparse
import functools
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from common import questions
from contestants import CITABLE, Arena, environment, median, run

from rag.progress import Bar, counted

OURS = ("search", "ask")


def measure(arena: Arena, options: argparse.Namespace) -> list[dict[str, Any]]:
    """A row for each contestant, two for ours."""
    with tempfile.TemporaryDirectory() as temporary, Bar() as bar:
        stores = arena.index_all(options.passages, Path(temporary), bar)
        question = questions(1)
        asked = Path(temporary, "question.txt")
        asked.write_text(question[0], encoding="utf-8")
        starts = {
            f"citable {command}": functools.partial(
                command_line, command, question[0], stores[CITABLE.name]
            )
            for command in OURS
        } | {
            one.name: functools.partial(arena.search, one, stores[one.name], asked)
            for one in arena.contestants
            if one != CITABLE
        }
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in starts}
        for name in counted([*starts] * (options.runs + 1), "Starting", bar):
            found[name].append(starts[name]())
    rows = [
        {
            "system": name,
            "passages": options.passages,
            "first_seconds": median(timed[1:], "first_seconds"),
            "whole_seconds": median(timed[1:], "whole_seconds"),
        }
        for name, timed in found.items()
    ]
    for row in rows:
        row["times_ours"] = round(row["first_seconds"] / rows[0]["first_seconds"], 2)
    return rows


def command_line(command: str, question: str, index: Path) -> dict[str, float]:
    """Seconds of a process of our command line until its first line, and until its end."""
    program = [sys.executable, "-m", "rag.cli", command, question, "--index", str(index)]
    started = time.perf_counter()
    with subprocess.Popen(program, env=environment(CITABLE), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        first_line = process.stdout.readline()
        first = time.perf_counter() - started
        process.stdout.read()
    if process.returncode or not first_line:
        raise SystemExit(f"citable {command} failed")
    return {"first_seconds": first, "whole_seconds": time.perf_counter() - started}


if __name__ == "__main__":
    run(__doc__, measure, passages=200)
