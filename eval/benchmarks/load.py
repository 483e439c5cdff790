"""Many asking at once, on the HTTP API and on the page: errors, times, same answers, flat memory.

python eval/benchmarks/load.py [FOLDER] [--users 50] [--seconds 60] [--door api page]
    [--questions 5000] [--reader shipped similarity] [--json FILE]

For each reader it indexes the folder and starts `citable serve` on a free port. At each door so
many users ask the questions of a set (those of the seeds by default), each user one after another,
and every answer is compared with that of a single user. Beside them one client sends its request a
byte at a time, one never reads what it asked for, and two leave before the answer.

Then the resident memory is looked at every 500 questions, each of which is another;
`--questions 0` leaves that out, `--seconds 0` the crowd. Its slope, in MB for 1,000 questions, is
that of the second half, after what is loaded once has been loaded; that of all is beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import linear_regression
from typing import Any

from common import ROOT, publish
from crowd import DOORS, Program, hinderers, users

from rag.evaluation.conditions import versions

SHIPPED = "shipped"
LIBRARIES = ("fastapi", "gradio", "starlette", "uvicorn")
# The memory is looked at after each of so many questions, which so many users ask.
STEP, STEADY_USERS = 500, 8


def crowd(address: str, door: str, asked: Sequence[str], options: Any) -> dict[str, Any]:
    """What so many users of a door meet with for so many seconds."""
    single = DOORS[door](address)
    alone = {question: single.ask(question) for question in asked}
    single.close()
    with hinderers(address, asked[0]):
        end = time.monotonic() + options.seconds

        def turns(number: int) -> Iterator[str]:
            while time.monotonic() < end:
                yield asked[number % len(asked)]
                number += 1

        tally = users(lambda: DOORS[door](address), turns, options.users, alone)
    return {"users": options.users, "seconds": options.seconds, **tally.to_json()}


def memory(address: str, pid: int, asked: Sequence[str], questions: int) -> dict[str, Any]:
    """The server's megabytes before and after each `STEP` of so many questions, and the errors."""
    megabytes, errors, lock = [memory_mb(pid)], 0, threading.Lock()
    every = iter(f"{asked[n % len(asked)]} ({n})" for n in range(questions))

    def some(left: Iterator[int]) -> Iterator[str]:
        while True:
            with lock:
                if next(left, None) is None:
                    return
                question = next(every)
            yield question

    started = time.monotonic()
    for _ in range(questions // STEP):
        left = iter(range(STEP))
        tally = users(lambda: Program(address), lambda _: some(left), STEADY_USERS, {})  # noqa: B023
        errors += len(tally.errors)
        megabytes.append(memory_mb(pid))
        print(f"{len(megabytes) * STEP - STEP} questions: {megabytes[-1]} MB", file=sys.stderr)
    return {
        "questions": questions // STEP * STEP,
        "errors": errors,
        "minutes": round((time.monotonic() - started) / 60, 1),
        "start_mb": megabytes[0],
        "half_mb": megabytes[len(megabytes) // 2],
        "end_mb": megabytes[-1],
        "slope_mb": slope(megabytes[len(megabytes) // 2 :]),
        "slope_of_all_mb": slope(megabytes),
        "megabytes": megabytes,
    }


def slope(megabytes: Sequence[float]) -> float | None:
    """Megabytes more after 1,000 questions, by least squares; None where there are no two."""
    if len(megabytes) < 2:
        return None
    asked = [number * STEP / 1_000 for number in range(len(megabytes))]
    return round(linear_regression(asked, megabytes).slope, 2)


def memory_mb(pid: int) -> float:
    """The resident memory of a process."""
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    return round(int(told.stdout) / 1024, 1)


@contextmanager
def served(folder: str, reader: str) -> Iterator[tuple[str, int]]:
    """The address and process of a server over an index of the folder."""
    command = [sys.executable, "-m", "rag.cli"]
    choice = [] if reader == SHIPPED else ["--reader", reader]
    with tempfile.TemporaryDirectory() as index:
        subprocess.run([*command, "index", folder, "--index", index], check=True, stdout=sys.stderr)
        process = subprocess.Popen(
            [*command, "serve", "--index", index, "--port", "0", *choice],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            yield process.stdout.readline().removeprefix("Citable is at ").strip(), process.pid
        finally:
            process.terminate()
            process.wait()


def measure(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """A row for each reader and door, and one for each reader's memory."""
    lines = options.set.read_text(encoding="utf-8").splitlines()[: options.different]
    asked = [json.loads(line)["question"] for line in lines]
    for reader in options.reader:
        with served(options.folder, reader) as (address, pid):
            for door in options.door if options.seconds else ():
                row = {"part": "crowd", "reader": reader, "door": door}
                yield row | crowd(address, door, asked, options)
            if options.questions >= STEP:
                row = {"part": "memory", "reader": reader, "door": "api"}
                yield row | memory(address, pid, asked, options.questions)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", default=str(ROOT / "seeds"))
    parser.add_argument("--set", type=Path, default=ROOT / "eval/seeds.jsonl")
    parser.add_argument("--different", type=int, default=40, help="how many questions of the set")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60, help="of the crowd at each door")
    parser.add_argument("--door", nargs="+", choices=DOORS, default=list(DOORS))
    parser.add_argument("--questions", type=int, default=5_000, help="over which to see the memory")
    parser.add_argument("--reader", nargs="+", default=[SHIPPED], help="as for citable serve")
    parser.add_argument("--json", type=Path, help="write the rows here as well")
    options = parser.parse_args(arguments)
    before = round(os.getloadavg()[0], 1)
    publish(list(measure(options)), options.json, versions(LIBRARIES), load_before=before)


if __name__ == "__main__":
    main()
