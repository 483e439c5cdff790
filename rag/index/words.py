"""The lexical index: BM25 over postings that are kept in the one SQLite file.

Being in the same file they are committed together with what they index. A row of `posting` holds
passages of one term, ascending, in records of 8 bytes; an added passage is appended to the last
row of each of its terms. A question reads all rows of its terms and adds their scores up in one
array over all passages, so that the scores are exact and a filter costs nothing.
`eval/benchmarks/lexical.py` compares it with FTS5's own ranking, tantivy and bm25s.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.index.store import Numbers, Store
from rag.index.terms import count_terms
from rag.language import is_stop_word

# The usual constants of BM25, those of FTS5 too.
K1, B = 1.2, 0.75
# What FTS5 gives a term that more than half of the passages have.
LEAST_WEIGHT = 1e-6
RECORD = np.dtype([("passage", "<u4"), ("count", "<u2"), ("length", "<u2")])
_MOST = 0xFFFF  # of a count and of a length
# A longer row would not fit in a page beside others; a shorter one makes more rows to read.
ROW_BYTES = 240 * RECORD.itemsize

_WORD = re.compile(r"\w+")


def insert(store: Store, passages: Iterable[tuple[int, str, str]]) -> None:
    """Add passages, given by number, title and text; their numbers are above all that are there."""
    rows = count_terms((number, f"{title}\n{text}") for number, title, text in passages)
    if not rows:
        return
    terms, numbers, counts = zip(*rows, strict=True)
    records = np.empty(len(rows), dtype=RECORD)
    records["passage"] = numbers
    records["count"] = np.minimum(counts, _MOST)
    different, places = np.unique(np.array(numbers), return_inverse=True)
    lengths = np.bincount(places, weights=counts)
    records["length"] = np.minimum(lengths, _MOST)[places]
    data, start = records.tobytes(), 0
    for term, group in itertools.groupby(terms):
        end = start + sum(1 for _ in group) * RECORD.itemsize
        append(store, term, data[start:end])
        start = end
    tally(store, len(different), int(lengths.sum()))


def append(store: Store, term: str, data: bytes) -> None:
    """Add records of passages above all that the term has."""
    last = store.connection.execute(
        "SELECT data FROM posting WHERE term = ? ORDER BY first DESC LIMIT 1", (term,)
    ).fetchone()
    if last and len(last[0]) < ROW_BYTES:
        data = last[0] + data
    store.connection.executemany(
        "INSERT OR REPLACE INTO posting VALUES (?, ?, ?)",
        (
            (term, int.from_bytes(row[:4], "little"), row)
            for row in (data[at : at + ROW_BYTES] for at in range(0, len(data), ROW_BYTES))
        ),
    )


def delete(store: Store, passages: Iterable[tuple[int, str, str]]) -> None:
    """Remove passages; title and text are those that were added."""
    rows = count_terms((number, f"{title}\n{text}") for number, title, text in passages)
    for term, group in itertools.groupby(rows, key=lambda row: row[0]):
        _take_out(store, term, np.array([number for _, number, _ in group]))
    numbers = {number for _, number, _ in rows}
    tally(store, -len(numbers), -sum(count for *_, count in rows))


def _take_out(store: Store, term: str, numbers: Numbers) -> None:
    """Remove these passages, ascending, from the rows of a term."""
    while len(numbers):
        row = store.connection.execute(
            "SELECT first, data FROM posting WHERE term = ? AND first <= ? "
            "ORDER BY first DESC LIMIT 1",
            (term, int(numbers[0])),
        ).fetchone()
        if row is None:
            return
        first, data = row
        records = np.frombuffer(data, dtype=RECORD)
        kept = records[~np.isin(records["passage"], numbers)]
        store.connection.execute("DELETE FROM posting WHERE term = ? AND first = ?", (term, first))
        if len(kept):
            store.connection.execute(
                "INSERT INTO posting VALUES (?, ?, ?)",
                (term, int(kept["passage"][0]), kept.tobytes()),
            )
        numbers = numbers[numbers > max(records["passage"][-1], numbers[0])]


def tally(store: Store, passages: int, length: int) -> None:
    """Count passages that have a term, and all terms of all passages."""
    before = _totals(store)
    store.set("worded_passages", str(before[0] + passages))
    store.set("words", str(before[1] + length))


def _totals(store: Store) -> tuple[int, int]:
    return int(store.setting("worded_passages", "0")), int(store.setting("words", "0"))


@dataclass(frozen=True, slots=True)
class Scores:
    """The BM25 scores of all passages for one question, by number; 0 where no word is shared.

    `lists` are the passages of each of its terms.
    """

    values: NDArray[np.float32]
    lists: tuple[NDArray[np.uint32], ...]

    def of(self, number: int) -> float:
        return float(self.values[number]) if number < len(self.values) else 0.0

    def best(self, limit: int, allowed: Numbers | None = None) -> list[tuple[int, float]]:
        """The `limit` best passages that share a word, with their scores, best first."""
        values = self.values
        if allowed is not None:
            values = np.zeros_like(self.values)
            inside = allowed[allowed < len(values)]
            values[inside] = self.values[inside]
        # No score below the limit-th best among the passages of one term can be among the best.
        long = [one for one in self.lists if len(one) > limit]
        floor = _nth_best(values[min(long, key=len)], limit) if long else np.float32(0)
        found = np.flatnonzero(values >= floor) if floor > 0 else np.flatnonzero(values)
        if len(found) > limit:
            found = found[values[found] >= _nth_best(values[found], limit)]
        order = np.lexsort((found, -values[found]))[:limit]
        return [(int(number), float(values[number])) for number in found[order]]


def _nth_best(values: NDArray[np.float32], n: int) -> np.float32:
    return np.float32(np.partition(values, len(values) - n)[len(values) - n])


def score(store: Store, question: str) -> Scores:
    """Score all passages for the question's words, its stop words left out where others stay."""
    passages, length = _totals(store)
    found = [postings(store, term) for term in query_terms(question)]
    found = [records for records in found if len(records)]
    size = max((int(records["passage"][-1]) + 1 for records in found), default=0)
    values = np.zeros(size, dtype=np.float32)
    lists = []
    for records in found:
        numbers = np.ascontiguousarray(records["passage"])
        # Each passage is once in the list of a term, so that += adds to each.
        values[numbers] += _term_scores(records, passages, length)
        lists.append(numbers)
    return Scores(values, tuple(lists))


def _term_scores(records: NDArray[np.void], passages: int, length: int) -> NDArray[np.float32]:
    """Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), 3.4."""
    have = len(records)
    weight = max(math.log((passages - have + 0.5) / (have + 0.5)), LEAST_WEIGHT)
    counts = records["count"].astype(np.float32)
    norm = records["length"].astype(np.float32)
    norm *= np.float32(K1 * B * passages / length)
    norm += np.float32(K1 * (1 - B))
    norm += counts
    counts *= np.float32(weight * (K1 + 1))
    counts /= norm
    return counts


def postings(store: Store, term: str) -> NDArray[np.void]:
    """The records of a term, by passage."""
    rows = store.connection.execute(
        "SELECT data FROM posting WHERE term = ? ORDER BY first", (term,)
    )
    return np.frombuffer(b"".join(data for (data,) in rows), dtype=RECORD)


def query_terms(question: str) -> Sequence[str]:
    """The terms that a question is searched by; one that two of its words have, twice."""
    words = list(dict.fromkeys(_WORD.findall(question)))
    content = [word for word in words if not is_stop_word(word)] or words
    return [term for term, _, count in count_terms(enumerate(content)) for _ in range(count)]
