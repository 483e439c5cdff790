"""Compare lexical indexes over made-up passages: what is shipped, FTS5, tantivy and bm25s.

pip install tantivy bm25s
python eval/benchmarks/lexical.py [--passages 10000 100000 …] [--only NAME …] [--json FILE]

Times are processor time of one thread, so that other work on the machine does not count; each
index is built and asked in a process of its own. Recall is of the ten best passages by BM25 as
FTS5 defines it, computed from the counts of all words. Each index gets the words of a question
without its stop words.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from made_up import Passages, make_passages, make_questions
from numpy.typing import NDArray

from rag.evaluation.conditions import conditions
from rag.index import words
from rag.index.store import Store
from rag.index.terms import TOKENIZER

LIBRARIES = ("numpy", "tantivy", "bm25s", "numba")
BEST, POOL = 10, 100
ADDED = 20
BATCH = 5_000
# A word that more passages have than this is left out where the question has a rarer one.
COMMON_SHARE = 0.02


class Index(Protocol):
    def add(self, numbers: Sequence[int], texts: Sequence[str]) -> None: ...

    def search(self, question: str) -> list[int]: ...


class Shipped:
    """`rag.index.words`: postings in SQLite rows, scores by NumPy."""

    def __init__(self, folder: Path) -> None:
        self._store = Store.create(folder)

    def add(self, numbers: Sequence[int], texts: Sequence[str]) -> None:
        with self._store.transaction():
            words.insert(self._store, ((n, "", t) for n, t in zip(numbers, texts, strict=True)))

    def search(self, question: str) -> list[int]:
        return [number for number, _ in words.score(self._store, question).best(POOL)]


class Fts5:
    """SQLite's full-text index and its own BM25."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "fts5.sqlite3", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute(
            f"CREATE VIRTUAL TABLE words USING fts5 (text, content='', tokenize='{TOKENIZER}')"
        )
        self._connection.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row)")
        self._count = 0

    def add(self, numbers: Sequence[int], texts: Sequence[str]) -> None:
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "INSERT INTO words (rowid, text) VALUES (?, ?)", zip(numbers, texts, strict=True)
        )
        self._connection.execute("COMMIT")
        self._count += len(numbers)

    def search(self, question: str) -> list[int]:
        return self._ranked(question.split())

    def _ranked(self, terms: Sequence[str]) -> list[int]:
        rows = self._connection.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words), rowid LIMIT ?",
            (" OR ".join(f'"{term}"' for term in terms), POOL),
        )
        return [number for (number,) in rows]


class Fts5Pruned(Fts5):
    """The same without words that many passages have, where rarer ones are there."""

    def search(self, question: str) -> list[int]:
        terms = question.split()
        have = {
            term: (
                self._connection.execute(
                    "SELECT doc FROM vocabulary WHERE term = ?", (term,)
                ).fetchone()
                or (0,)
            )[0]
            for term in terms
        }
        rare = [term for term in terms if have[term] <= COMMON_SHARE * self._count]
        return self._ranked(rare or terms)


class Tantivy:
    """A search library in Rust, in files of its own."""

    def __init__(self, folder: Path) -> None:
        # Only the benchmark needs it.
        import tantivy  # noqa: PLC0415

        self._tantivy = tantivy
        schema = tantivy.SchemaBuilder()
        schema.add_unsigned_field("number", stored=True, indexed=True, fast=True)
        schema.add_text_field("text", stored=False, tokenizer_name="en_stem")
        self._index = tantivy.Index(schema.build(), path=str(folder))

    def add(self, numbers: Sequence[int], texts: Sequence[str]) -> None:
        writer = self._index.writer(num_threads=1)
        for number, text in zip(numbers, texts, strict=True):
            document = self._tantivy.Document(text=text)
            document.add_unsigned("number", number)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, question: str) -> list[int]:
        query = self._index.parse_query(question, ["text"])
        hits = self._searcher.search(query, POOL).hits
        return [self._searcher.doc(address)["number"][0] for _, address in hits]


class Bm25s:
    """Scores of all words and passages in memory; an added passage means all are made anew."""

    def __init__(self, _: Path) -> None:
        # Only the benchmark needs it.
        import bm25s  # noqa: PLC0415

        self._bm25s = bm25s
        self._tokens: list[list[str]] = []
        self._numbers: list[int] = []

    def add(self, numbers: Sequence[int], texts: Sequence[str]) -> None:
        self._numbers += numbers
        self._tokens += [text.split() for text in texts]
        self._scores = self._bm25s.BM25(k1=words.K1, b=words.B)
        self._scores.index(self._tokens, show_progress=False)

    def search(self, question: str) -> list[int]:
        found, _ = self._scores.retrieve(
            [question.split()], k=min(POOL, len(self._numbers)), show_progress=False, n_threads=0
        )
        return [self._numbers[place] for place in found[0].tolist()]


INDEXES: dict[str, Callable[[Path], Index]] = {
    "shipped": Shipped,
    "FTS5": Fts5,
    "FTS5 pruned": Fts5Pruned,
    "tantivy": Tantivy,
    "bm25s": Bm25s,
}
WHOLE = {"bm25s"}  # cannot be built in parts


def exact(passages: Passages, questions: Sequence[NDArray[np.int32]]) -> Iterator[set[int]]:
    """The best passages for each question, by the formula alone."""
    count = len(passages)
    lengths = np.diff(passages.ends, prepend=0)
    owners = np.repeat(np.arange(count, dtype=np.int32), lengths)
    asked = np.unique(np.concatenate(questions))
    of_asked = np.isin(passages.words, asked)
    order = np.argsort(passages.words[of_asked], kind="stable")
    sorted_words, sorted_owners = passages.words[of_asked][order], owners[of_asked][order]
    mean = lengths.mean()
    for question in questions:
        values = np.zeros(count)
        for word in question:
            start, end = np.searchsorted(sorted_words, [word, word + 1])
            having, counts = np.unique(sorted_owners[start:end], return_counts=True)
            weight = math.log((count - len(having) + 0.5) / (len(having) + 0.5))
            norm = words.K1 * (1 - words.B + words.B * lengths[having] / mean)
            values[having] += max(weight, 1e-6) * counts * (words.K1 + 1) / (counts + norm)
        best = np.lexsort((np.arange(count), -values))[:BEST]
        yield set(best[values[best] > 0].tolist())


def measure(
    name: str,
    texts: Sequence[str],
    questions: Sequence[str],
    expected: Sequence[set[int]],
    answer: Connection,
) -> None:
    """Build one index and ask it; runs in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        memory = resident()
        index, size = INDEXES[name](Path(folder)), len(texts) if name in WHOLE else BATCH
        started = time.process_time()
        for at in range(0, len(texts), size):
            some = texts[at : at + size]
            index.add(range(at, at + len(some)), some)
        built = time.process_time() - started
        asked, shared = [], []
        for question, best in zip(questions, expected, strict=True):
            started = time.process_time()
            found = index.search(question)
            asked.append(time.process_time() - started)
            shared.append(len({*found[:BEST]} & best) / len(best))
        memory = resident() - memory
        files = (path for path in Path(folder).rglob("*") if path.is_file())
        # The write-ahead log goes when the index is closed.
        disk = sum(path.stat().st_size for path in files if not path.name.endswith("-wal"))
        added = []
        for number in range(1 if name in WHOLE else ADDED):
            started = time.process_time()
            index.add([len(texts) + number], [texts[number]])
            added.append(time.process_time() - started)
    answer.send(
        {
            "build_passages_per_second": round(len(texts) / built),
            "add_one_ms": round(1e3 * statistics.median(added), 2),
            "p50_ms": round(1e3 * statistics.median(asked), 2),
            "p95_ms": round(1e3 * float(np.quantile(asked, 0.95)), 2),
            "memory_mb": round(memory / 1e6),
            "disk_mb": round(disk / 1e6),
            "recall_at_10": round(statistics.mean(shared), 3),
        }
    )


def resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000])
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--only", nargs="+", choices=list(INDEXES), default=list(INDEXES))
    parser.add_argument("--json", type=Path, help="write the figures here, after each row")
    options = parser.parse_args()
    rows: dict[str, Any] = {}
    for count in options.passages:
        passages = make_passages(count)
        asked = make_questions(passages, options.questions)
        expected = list(exact(passages, asked))
        texts = [passages.text(number) for number in range(count)]
        questions = [" ".join(passages.vocabulary[word] for word in one) for one in asked]
        for name in options.only:
            ours, theirs = multiprocessing.Pipe()
            child = multiprocessing.get_context("fork").Process(
                target=measure, args=(name, texts, questions, expected, theirs)
            )
            child.start()
            theirs.close()
            try:
                row = ours.recv()
            except EOFError:
                sys.exit(f"{name} failed: see above")
            child.join()
            rows[f"{name}, {count} passages"] = row
            print(f"{name:12} {count:9,}", "  ".join(f"{k} {v:g}" for k, v in row.items()))
            if options.json:
                figures = {**conditions(LIBRARIES), "sqlite": sqlite3.sqlite_version, "rows": rows}
                options.json.write_text(f"{json.dumps(figures, indent=1)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
