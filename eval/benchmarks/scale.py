"""How an index grows: search by stage, memory, disk, adding one document, recall.

python eval/benchmarks/scale.py [--passages 1000 10000 …] [--vectors FILE.npy] [--json FILE]
python eval/benchmarks/scale.py --passages 1000000    # 4 GB of disk, some minutes

A made-up index goes straight into the store: passages of made-up words, ten to a document, and
vectors that nobody encoded. These are made from the real ones of FILE (rows of 384 values, of which
the last tenth are asked for), each moved by the difference of two others; without a file they lie
about a thousand random centres, which is easier for an index than real ones are. All else is what
is shipped: the question is encoded, searched and read in a process of its own, which opens the
index first. Times in `cpu_ms` are processor time, so that other work on the machine does not
count, for questions that of the thread that asks (the encoder has more); `wall_ms` are by the
clock.
"""

from __future__ import annotations

import argparse
import functools
import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from made_up import Passages, make_passages, make_questions

from rag.encoding import Vectors, load_encoder
from rag.engine import Engine
from rag.evaluation.conditions import conditions
from rag.index import bands, words
from rag.index.copies import DOCUMENT_VALUES
from rag.index.dense import DenseIndex, keep_file
from rag.index.store import Store, text_digest
from rag.index.update import update_index
from rag.retrieval import POOL, Retriever
from rag.types import Filters

LIBRARIES = ("numpy", "faiss-cpu", "onnxruntime")
DIMENSIONS = 384
PER_DOCUMENT = 10
# Passages that are made and written together.
TOGETHER = 50_000
CENTRES, SPREAD, MOVED = 1_000, 0.6, 0.5
QUESTIONS, EXACT_QUESTIONS, BEST = 100, 50, 10
PUBLISHERS = 10


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--vectors", type=Path, help="real vectors to make others from")
    parser.add_argument("--json", type=Path, help="write the figures here, after each size")
    options = parser.parse_args()
    base = np.load(options.vectors) if options.vectors else None
    rows = {}
    for count in options.passages:
        with tempfile.TemporaryDirectory() as folder:
            row = in_process(build, Path(folder, "index"), count, base)
            row |= in_process(serve, Path(folder, "index"), count, base)
            row |= in_process(update, Path(folder))
        rows[f"{count} passages"] = row
        print(f"{count:,} passages", json.dumps(row, indent=1), flush=True)
        if options.json:
            made = f"from {len(base)} real ones" if base is not None else f"{CENTRES} centres"
            figures = {**conditions(LIBRARIES), "vectors": made, "rows": rows}
            options.json.write_text(f"{json.dumps(figures, indent=1)}\n", encoding="utf-8")


def in_process(work: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    """What `work` returns in a new process, whose memory is its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_answer, args=(theirs, work, arguments))
    child.start()
    theirs.close()
    try:
        found: dict[str, Any] = ours.recv()
    except EOFError:
        sys.exit(f"{work.__name__} failed: see above")
    child.join()
    return found


def _answer(
    pipe: Connection, work: Callable[..., dict[str, Any]], arguments: Sequence[object]
) -> None:
    pipe.send(work(*arguments))


# Building


def build(folder: Path, count: int, base: Vectors | None) -> dict[str, Any]:
    started = time.process_time()
    store = Store.create(folder)
    store.set("encoder", load_encoder().fingerprint)
    store.set("generation", "made")
    for at in range(0, count, TOGETHER):
        size = min(TOGETHER, count - at)
        with store.transaction():
            _fill(store, at, make_passages(size, seed=at), made_vectors(size, base, seed=at))
    written = time.process_time() - started
    keep_file(store, DIMENSIONS)
    store.close()
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    return {
        "write_cpu_s": round(written, 1),
        "faiss_cpu_s": round(time.process_time() - started - written, 1),
        "sqlite_mb": round(sizes["citable.sqlite3"] / 1e6),
        "faiss_mb": round(sum(n for name, n in sizes.items() if "faiss" in name) / 1e6),
    }


def _fill(store: Store, at: int, passages: Passages, vectors: Vectors) -> None:
    store.connection.executemany(
        "INSERT INTO vector VALUES (?, ?, ?)",
        (
            (at + n, f"made {at + n}".encode(), vector.tobytes())
            for n, vector in enumerate(vectors, 1)
        ),
    )
    dice = np.random.default_rng(at)
    signatures = []
    for first in range(0, len(passages), PER_DOCUMENT):
        texts = [passages.text(n) for n in range(first, min(first + PER_DOCUMENT, len(passages)))]
        number = (at + first) // PER_DOCUMENT + 1
        values = dice.integers(2**32, size=DOCUMENT_VALUES, dtype="<u4").tobytes()
        signatures.append((number, values))
        _put_document(store, number, at + first + 1, texts, values)
    bands.insert(store, signatures)
    _put_words(store, at, passages)


def _put_document(store: Store, number: int, first: int, texts: list[str], values: bytes) -> None:
    name, text = f"made/{number}.txt", "\n".join(texts)
    publisher, day = f"Publisher {number % PUBLISHERS}", f"20{number % 25:02}-01-01"
    run = store.connection.execute
    run(
        "INSERT INTO document VALUES (?, ?, ?, '/made', '', '', ?, '', ?, '', ?, ?)",
        (number, name, f"/{name}", publisher, day, first, len(texts)),
    )
    run("INSERT INTO body VALUES (?, ?, ?, '[]')", (number, text, text_digest(text)))
    run("INSERT INTO signature VALUES (?, 500, ?, '[]', x'')", (number, values))
    start = 0
    for passage, one in enumerate(texts, first):
        end = start + len(one)
        run(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?)",
            (passage, number, start, end, f"[[{start}, {end}]]", passage),
        )
        start = end + 1


def _put_words(store: Store, at: int, passages: Passages) -> None:
    """The postings: made-up words are their own terms, so that they need not be read again."""
    lengths = np.diff(passages.ends, prepend=0)
    owners = np.repeat(np.arange(len(passages)), lengths)
    pairs, counts = np.unique(
        passages.words.astype(np.int64) * len(passages) + owners, return_counts=True
    )
    records = np.empty(len(pairs), dtype=words.RECORD)
    inside = pairs % len(passages)
    records["passage"] = at + 1 + inside
    records["count"] = counts
    records["length"] = lengths[inside]
    terms, starts = np.unique(pairs // len(passages), return_index=True)
    for term, part in zip(terms.tolist(), np.split(records, starts[1:]), strict=True):
        words.append(store, passages.vocabulary[term], part.tobytes())
    words.tally(store, len(passages), int(lengths.sum()))


def made_vectors(count: int, base: Vectors | None, seed: int) -> Vectors:
    """Unit vectors of the passages; `seed` -1 are those of questions."""
    dice = np.random.default_rng(seed + 1)
    if base is None:
        centres = np.random.default_rng(7).normal(size=(CENTRES, DIMENSIONS))
        made = centres[dice.integers(CENTRES, size=count)]
        made = made + SPREAD * dice.normal(size=(count, DIMENSIONS))
    else:
        kept = len(base) * 9 // 10
        if seed < 0:
            made = base[kept : kept + count]
        else:
            one, other, third = dice.integers(kept, size=(3, count))
            made = base[one] + MOVED * (base[other] - base[third])
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


# Serving


class Asked:
    """The real encoder, which is timed, in front of made-up vectors of questions."""

    def __init__(self, vectors: Vectors) -> None:
        self._encoder = load_encoder()
        self.fingerprint = self._encoder.fingerprint
        self.dimensions = DIMENSIONS
        self.vectors: Iterator[Vectors] = iter(vectors)

    def encode(self, texts: Sequence[str]) -> Vectors:
        self._encoder.encode(texts)
        return next(self.vectors)[None]


def serve(folder: Path, count: int, base: Vectors | None) -> dict[str, Any]:
    passages = make_passages(min(count, TOGETHER), seed=0)
    questions = [
        " ".join(passages.vocabulary[word] for word in one)
        for one in make_questions(passages, QUESTIONS)
    ]
    del passages
    vectors = made_vectors(QUESTIONS, base, seed=-1)
    questions = questions[: len(vectors)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    store = Store.open(folder)
    encoder = load_encoder()
    encoder.encode(["What is it?"])
    with store.snapshot():
        dense = DenseIndex.load(store, DIMENSIONS)
        opened = time.perf_counter() - started
        retriever = Retriever(store, dense, Asked(vectors))
        asked = timed(retriever.search, [(question, BEST) for question in questions])
        filtered = Retriever(store, dense, Asked(vectors))
        one_publisher = Filters(publishers=("Publisher 3",))
        with_filter = timed(filtered.search, [(q, BEST, one_publisher) for q in questions])
        stages = {
            "encode": timed(encoder.encode, [([question],) for question in questions]),
            "dense": timed(dense.search, [(vector, POOL) for vector in vectors]),
            "lexical": timed(functools.partial(_lexical, store), [(q,) for q in questions]),
        }
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        recall = recall_of(store, dense, vectors[:EXACT_QUESTIONS])
    store.close()
    return {
        "open_wall_s": round(opened, 2),
        "search": asked,
        **stages,
        "search_in_a_tenth": with_filter,
        "peak_rss_mb": round(memory / 1e3),
        "of_which_before_opening_mb": round(before / 1e3),
        "dense_recall_at_10": recall,
    }


def _lexical(store: Store, question: str) -> list[tuple[int, float]]:
    return words.score(store, question).best(POOL)


def timed(work: Callable[..., object], calls: Sequence[tuple[object, ...]]) -> dict[str, float]:
    """Milliseconds of the calls; the first fifth of them are not counted."""
    cpu, wall = [], []
    for call in calls:
        started, clock = time.thread_time(), time.perf_counter()
        work(*call)
        cpu.append(1e3 * (time.thread_time() - started))
        wall.append(1e3 * (time.perf_counter() - clock))
    cpu, wall = cpu[len(cpu) // 5 :], wall[len(wall) // 5 :]
    return {
        "cpu_p50_ms": round(statistics.median(cpu), 2),
        "cpu_p95_ms": round(float(np.quantile(cpu, 0.95)), 2),
        "wall_p50_ms": round(statistics.median(wall), 2),
    }


def recall_of(store: Store, dense: DenseIndex, vectors: Vectors) -> float:
    best = [(np.empty(0), np.empty(0))] * len(vectors)
    for numbers, block in store.vectors(DIMENSIONS):
        for place, scores in enumerate(vectors @ block.T):
            found = np.concatenate([best[place][0], numbers])
            values = np.concatenate([best[place][1], scores])
            top = np.argsort(-values)[:BEST]
            best[place] = found[top], values[top]
    shared = [
        len({n for n, _ in dense.search(vector, POOL)[:BEST]} & {*numbers.tolist()}) / BEST
        for vector, (numbers, _) in zip(vectors, best, strict=True)
    ]
    return round(statistics.mean(shared), 3)


# Adding one document


def update(folder: Path) -> dict[str, Any]:
    """Add a new file, change it and remove it; each is seen by the next question."""
    encoder = load_encoder()
    encoder.encode(["What is it?"])
    notes = folder / "notes"
    notes.mkdir()
    rows: dict[str, Any] = {}
    with Engine.open(folder / "index", encoder=encoder) as engine:
        engine.search("anything")
        for name, text in (
            ("add_first_of_process", "A wombat was seen at the mill on Sunday. It ate the grass."),
            ("add_one", "A quokka was seen near the harbour on Monday. It was not afraid."),
            ("change_one", "A quokka was seen in the harbour on Tuesday. It swam away."),
            ("remove_one", ""),
        ):
            path = notes / ("wombat.txt" if "wombat" in text else "quokka.txt")
            if text:
                path.write_text(text, encoding="utf-8")
            else:
                path.unlink()
            cpu, wall = time.process_time(), time.perf_counter()
            update_index(folder / "index", [path if text else notes], encoder)
            rows[f"{name}_cpu_ms"] = round(1e3 * (time.process_time() - cpu), 1)
            rows[f"{name}_wall_ms"] = round(1e3 * (time.perf_counter() - wall), 1)
            cpu = time.process_time()
            hits = engine.search(f"Where was the {path.stem} seen?", 1)
            rows[f"next_question_after_{name}_cpu_ms"] = round(1e3 * (time.process_time() - cpu), 1)
            if text and hits[0].passage.text.strip() != text:
                sys.exit(
                    f"the next question does not find what was indexed: {hits[0].passage.text}"
                )
    return rows


if __name__ == "__main__":
    main()
