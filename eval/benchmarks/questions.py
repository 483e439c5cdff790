"""Time warm questions by stage: encode, dense, lexical, fuse, read, build; peak memory, disk.

python eval/benchmarks/questions.py [--passages N | --index DIR] [--questions N] [--json FILE]

The questions are those of the seeds' set. Each is asked once before it is timed. `encode` is the
question's vector, `dense` and `lexical` the two rankings, `fuse` the rest of the search with the
texts of the passages, `search` these four; `read` is the reader, `build` the rest of the answer.
The figures are over all questions and runs. Passages that are made have about 100 words.
"""

from __future__ import annotations

import argparse
import functools
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common import milliseconds, publish, questions, write_passages

import rag.index.words
from rag.encoding import load_encoder
from rag.engine import SIMILARITY, Engine
from rag.index.dense import DenseIndex
from rag.progress import Bar
from rag.reader.similarity import SimilarityReader
from rag.reader.trained import SHIPPED, TrainedReader
from rag.retrieval import Retriever

STAGES = ("encode", "dense", "lexical", "fuse", "read", "build")


class Clock:
    """Seconds spent in each stage, without those of a stage inside it."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._inner = [0.0]

    def time(self, stage: str, owner: object, name: str) -> None:
        """Count the time that a method or function of `owner` takes as a stage's."""
        function: Callable[..., Any] = getattr(owner, name)

        @functools.wraps(function)
        def run(*arguments: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            started = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                taken = time.perf_counter() - started
                self.seconds[stage] += taken - self._inner.pop()
                self._inner[-1] += taken

        setattr(owner, name, run)


def measure(index: Path, options: argparse.Namespace, bar: Bar) -> list[dict[str, Any]]:
    """A row for each stage, one for all of a question."""
    encoder = load_encoder()
    similar = options.reader == SIMILARITY
    reader = SimilarityReader(encoder) if similar else TrainedReader.load(SHIPPED)
    asked = questions(options.questions)
    clock = Clock()
    with Engine.open(index, encoder=encoder, reader=reader) as engine:
        for question in asked:
            engine.ask(question)
        clock.time("encode", encoder, "encode")
        clock.time("dense", DenseIndex, "search")
        clock.time("lexical", rag.index.words, "score")
        clock.time("lexical", rag.index.words.Scores, "best")
        clock.time("fuse", Retriever, "search")
        clock.time("read", type(reader), "read")
        clock.time("build", engine, "ask")
        times: dict[str, list[float]] = {stage: [] for stage in (*STAGES, "search", "whole")}
        turns = [question for _ in range(options.runs) for question in asked]
        for done, question in enumerate(turns):
            bar("Asking", done, len(turns))
            clock.seconds.clear()
            engine.ask(question)
            for stage in STAGES:
                times[stage].append(clock.seconds[stage])
            times["search"].append(sum(clock.seconds[stage] for stage in STAGES[:4]))
            times["whole"].append(sum(clock.seconds.values()))
        documents = engine.status(with_copies=False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(path.stat().st_size for path in index.iterdir() if path.is_file()) / (1 << 20)
    shape = {
        "passages": documents.passages,
        "peak_mib": round(peak),
        "disk_mib": round(size, 1),
    }
    return [{"stage": stage, **milliseconds(taken), **shape} for stage, taken in times.items()]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passages", type=int, default=1000)
    parser.add_argument("--index", type=Path, help="ask this index, made by our default model")
    parser.add_argument("--reader", default="", choices=("", SIMILARITY))
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, Bar() as bar:
        index = options.index
        if index is None:
            index = Path(temporary, "index")
            write_passages(options.passages, Path(temporary, "passages"))
            Engine.build(Path(temporary, "passages"), index=index, progress=bar).close()
        rows = measure(index, options, bar)
    publish(rows, options.json, {}, runs=options.runs, questions=options.questions)


if __name__ == "__main__":
    main()
