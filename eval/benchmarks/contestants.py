"""The systems that are timed side by side, each in an environment of its own, made here.

Environments are kept below the user's cache folder, or below `--environments`; a changed list of
packages makes another one. PyTorch is pinned to the version whose default build is for processors.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
from common import write_passages

from rag.encoding import DEFAULT_MODEL, load_encoder
from rag.encoding.folders import model_folder
from rag.progress import Progress, counted

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs"
COMMON = ("torch==2.13.0", "sentence-transformers==6.2.0", "transformers==5.23.0")
OURS = "citable"


@dataclass(frozen=True, slots=True)
class Contestant:
    """A program, the packages it needs beside `COMMON`, and what it searches by."""

    name: str
    program: str
    packages: tuple[str, ...]
    search: str


PEERS = (
    Contestant(
        "haystack-ai",
        "haystack_program.py",
        ("haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0"),
        "vectors and BM25",
    ),
    Contestant(
        "llama-index-core",
        "llama_index_program.py",
        ("llama-index-core==0.14.25", "llama-index-embeddings-huggingface==0.8.0"),
        "vectors",
    ),
    Contestant(
        "txtai", "txtai_program.py", ("txtai==9.14.0", "faiss-cpu==1.15.1"), "vectors and BM25"
    ),
    Contestant(
        "langchain-community",
        "langchain_program.py",
        (
            "langchain-community==0.4.2",
            "langchain-classic==1.0.8",
            "rank_bm25==0.2.2",
            "faiss-cpu==1.15.1",
        ),
        "vectors and BM25",
    ),
)
CITABLE = Contestant(OURS, "citable_program.py", (), "vectors and BM25")


class Arena:
    """Runs the programs of the contestants that the options name."""

    def __init__(self, options: argparse.Namespace) -> None:
        chosen = [peer for peer in PEERS if peer.name in options.peers]
        self.contestants = (CITABLE, *chosen)
        self._pythons = {
            one.name: _python(one, options.environments) if one.packages else Path(sys.executable)
            for one in self.contestants
        }
        # The fast form of a model is made at its first use, which is timed by nobody here; a model
        # named by its folder would have another.
        load_encoder().encode(["The first use."])
        self._models = {
            one.name: DEFAULT_MODEL if one.name == OURS else str(model_folder(DEFAULT_MODEL))
            for one in self.contestants
        }

    def index(self, one: Contestant, folder: Path, store: Path) -> dict[str, Any]:
        """Index the passages of a folder; `whole_seconds` is the time of the process."""
        started = time.perf_counter()
        with self._running(one, "index", folder, self._models[one.name], store) as told:
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
        with self._running(one, "search", store, self._models[one.name], questions) as told:
            next(told)
            first = time.perf_counter() - started
            found = next(told)
        whole = time.perf_counter() - started
        return {**found, "first_seconds": first, "whole_seconds": whole}

    @contextmanager
    def _running(self, one: Contestant, *arguments: object) -> Iterator[Iterator[dict[str, Any]]]:
        command = [self._pythons[one.name], PROGRAMS / one.program, *arguments]
        with subprocess.Popen(
            list(map(str, command)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(one),
            text=True,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            yield (json.loads(line) for line in process.stdout if line.startswith('{"'))
            errors = process.stderr.read()
            if process.wait():
                raise SystemExit(f"{one.name} failed:\n{errors}")


def environment(one: Contestant) -> dict[str, str]:
    """The variables of a program: no network, and of ours the code of this folder."""
    variables = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    if one.name == OURS:
        return {**variables, "PYTHONPATH": str(ROOT)}
    variables.pop("PYTHONPATH", None)
    return variables


def _python(one: Contestant, environments: Path) -> Path:
    """The interpreter of an environment with the packages of a peer; it is made if need be."""
    packages = (*COMMON, *one.packages)
    digest = hashlib.sha256("\n".join(packages).encode()).hexdigest()[:8]
    folder = environments / f"{one.name}-{digest}"
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        print(f"Installing {one.name} in {folder}; this takes minutes", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        subprocess.run([*pip, *packages], check=True)
        ready.touch()
    return python


def add_options(parser: argparse.ArgumentParser) -> None:
    """Those of every benchmark with peers."""
    names = [peer.name for peer in PEERS]
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument(
        "--peers", nargs="*", default=names, choices=names, help="beside ours (default: all)"
    )
    parser.add_argument(
        "--environments",
        type=Path,
        default=platformdirs.user_cache_path("citable", appauthor=False) / "peers",
        help="where the environments of the peers are kept",
    )


def versions(contestants: Sequence[Contestant]) -> dict[str, str]:
    """The pinned packages of the contestants."""
    pinned = [package for one in contestants if one.packages for package in one.packages]
    return dict(package.split("==", 1) for package in (*COMMON, *pinned))
