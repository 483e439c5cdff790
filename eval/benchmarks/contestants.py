"""The systems that are timed side by side: each is a program in `programs/`, run by one rule."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common import publish, write_passages
from peers.environments import COMMON, PEERS, QUIET, python_of

from rag.encoding import DEFAULT_MODEL, load_encoder
from rag.encoding.folders import model_folder
from rag.progress import Progress, counted

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs"
BOTH, VECTORS = "vectors and BM25", "vectors"


@dataclass(frozen=True, slots=True)
class Contestant:
    """A system by the name of its package, its program, and what it searches by."""

    name: str
    program: str
    search: str


CITABLE = Contestant("citable", "citable_program.py", BOTH)
OTHERS = (
    Contestant("haystack-ai", "haystack_program.py", BOTH),
    Contestant("llama-index-core", "llama_index_program.py", VECTORS),
    Contestant("txtai", "txtai_program.py", BOTH),
    Contestant("langchain-community", "langchain_program.py", BOTH),
)


class Arena:
    """Runs the programs of the contestants: ours first, then the chosen `peers`."""

    def __init__(self, peers: Sequence[str]) -> None:
        self.contestants = (CITABLE, *(one for one in OTHERS if one.name in peers))
        self._pythons = {
            one.name: Path(sys.executable) if one == CITABLE else python_of(one.name)
            for one in self.contestants
        }
        # The fast form of a model is made at its first use, which is timed by nobody here; a model
        # named by its folder would have another.
        load_encoder().encode(["The first use."])
        self._model = str(model_folder(DEFAULT_MODEL))

    def index(self, one: Contestant, folder: Path, store: Path) -> dict[str, Any]:
        """Index the passages of a folder; `whole_seconds` is the time of the process."""
        started = time.perf_counter()
        with self._running(one, "index", folder, store) as told:
            found = next(told)
        return {**found, "whole_seconds": time.perf_counter() - started}

    def index_all(self, count: int, folder: Path, progress: Progress) -> dict[str, Path]:
        """Index the same passages with every contestant, below a folder; where each store is."""
        write_passages(count, folder / "passages")
        stores = {one.name: folder / f"{one.name}-store" for one in self.contestants}
        for one in counted(self.contestants, "Indexing", progress):
            self.index(one, folder / "passages", stores[one.name])
        return stores

    def search(self, one: Contestant, store: Path, questions: Path) -> dict[str, Any]:
        """Search; `first_seconds` pass from the start of the process to its first passage."""
        started = time.perf_counter()
        with self._running(one, "search", store, questions) as told:
            next(told)
            first = time.perf_counter() - started
            found = next(told)
        whole = time.perf_counter() - started
        return {**found, "first_seconds": first, "whole_seconds": whole}

    @contextmanager
    def _running(
        self, one: Contestant, what: str, first: Path, last: Path
    ) -> Iterator[Iterator[dict[str, Any]]]:
        """What a program tells, as it comes; ends this process where the program fails."""
        model = DEFAULT_MODEL if one == CITABLE else self._model
        command = [self._pythons[one.name], PROGRAMS / one.program, what, first, model, last]
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8") as errors,
            subprocess.Popen(
                list(map(str, command)),
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment(one),
                text=True,
            ) as process,
        ):
            assert process.stdout is not None
            try:
                yield (json.loads(line) for line in process.stdout if line.startswith('{"'))
            except StopIteration:  # it has ended without a word
                errors.seek(0)
                raise SystemExit(f"{one.name} could not {what}:\n{errors.read()}") from None


def environment(one: Contestant) -> dict[str, str]:
    """The variables of a program: no network, and of ours the code of this folder."""
    if one == CITABLE:
        return {**os.environ, "PYTHONPATH": str(ROOT)}
    # Tokenizing in parallel is theirs to choose: here it is speed that is measured.
    quiet = {name: value for name, value in QUIET.items() if name != "TOKENIZERS_PARALLELISM"}
    return {**os.environ, **quiet, "PYTHONPATH": ""}


def run(
    description: str | None,
    measure: Callable[[Arena, argparse.Namespace], list[dict[str, Any]]],
    **numbers: int,
) -> None:
    """The command line of a benchmark with peers; `numbers` are its own options, with defaults."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    names = [one.name for one in OTHERS]
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument(
        "--peers", nargs="*", default=names, choices=names, help="beside ours (default: all)"
    )
    options = parser.parse_args()
    arena = Arena(options.peers)
    rows = measure(arena, options)
    publish(rows, options.json, versions(arena.contestants), runs=options.runs)


def median(runs: Sequence[Mapping[str, Any]], key: str) -> float:
    """The middle one of the runs' figures of this name."""
    return round(statistics.median(run[key] for run in runs), 3)


def versions(contestants: Sequence[Contestant]) -> dict[str, str]:
    """The pinned packages of the peers among the contestants."""
    pinned = [package for one in contestants if one != CITABLE for package in PEERS[one.name]]
    return dict(package.split("==", 1) for package in (*COMMON, *pinned))
