"""Keeps the groups of near-copies when a few documents change, without comparing all.

Documents are compared where they agree in a band of their signatures (`document_groups`), with the
next and the first of those that agree. So a changed document changes pairs only among those that
share a band with it. For finding these, `band` keeps a mark of 16 bits of each band of each
document: the marks of a million documents are compared in a tenth of a second. The groups are those
that `document_groups` finds anew, and where that cannot be told, it is asked.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.index.store import Store

BANDS = 64
# Spreads the bits of a band before its mark is cut off (the golden ratio times 2^64).
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_ROW_DOCUMENTS = 256

Marks = NDArray[np.uint16]


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A document as it is, or as it `was` before it changed or went."""

    id: str
    was: bool
    runs: int
    values: bytes

    @property
    def bands(self) -> NDArray[np.uint64]:
        return np.frombuffer(self.values, dtype="<u8")


def marks_of(values: bytes) -> Marks:
    """The marks of the bands of a signature's values, or of several one after the other."""
    return ((np.frombuffer(values, dtype="<u8") * _SPREAD) >> np.uint64(48)).astype("<u2")


def insert(store: Store, documents: Sequence[tuple[int, bytes]]) -> None:
    """Keep the marks of documents, given by number and values, ascending and above all others."""
    if not documents:
        return
    last = store.connection.execute(
        "SELECT documents, marks FROM band ORDER BY first DESC LIMIT 1"
    ).fetchone()
    numbers = np.array([number for number, _ in documents], dtype="<u4")
    marks = marks_of(b"".join(values for _, values in documents)).reshape(-1, BANDS)
    if last and len(last[0]) < 4 * _ROW_DOCUMENTS:
        numbers = np.concatenate([np.frombuffer(last[0], dtype="<u4"), numbers])
        marks = np.concatenate([np.frombuffer(last[1], dtype="<u2").reshape(-1, BANDS), marks])
    for at in range(0, len(numbers), _ROW_DOCUMENTS):
        row = slice(at, at + _ROW_DOCUMENTS)
        store.connection.execute(
            "INSERT OR REPLACE INTO band VALUES (?, ?, ?)",
            (int(numbers[at]), numbers[row].tobytes(), marks[row].tobytes()),
        )


def delete(store: Store, document: int) -> None:
    row = store.connection.execute(
        "SELECT first, documents, marks FROM band WHERE first <= ? ORDER BY first DESC LIMIT 1",
        (document,),
    ).fetchone()
    if row is None:
        return
    first, documents, marks = row
    numbers = np.frombuffer(documents, dtype="<u4")
    kept = numbers != document
    store.connection.execute("DELETE FROM band WHERE first = ?", (first,))
    if kept.any():
        left = np.frombuffer(marks, dtype="<u2").reshape(-1, BANDS)[kept]
        store.connection.execute(
            "INSERT INTO band VALUES (?, ?, ?)",
            (int(numbers[kept][0]), numbers[kept].tobytes(), left.tobytes()),
        )


@dataclass(frozen=True, slots=True)
class Shelf:
    """The marks of all documents, in memory while a run looks for those that agree."""

    store: Store
    numbers: NDArray[np.uint32]
    marks: Marks

    @classmethod
    def of(cls, store: Store) -> Shelf:
        rows = store.connection.execute("SELECT documents, marks FROM band").fetchall()
        numbers = np.frombuffer(b"".join(one for one, _ in rows), dtype="<u4")
        marks = np.frombuffer(b"".join(one for _, one in rows), dtype="<u2")
        return cls(store, numbers, marks.reshape(-1, BANDS))

    def near(self, node: Node) -> list[Node]:
        """The present documents that agree with this one in a band, and may be itself."""
        agree = (self.marks == marks_of(node.values)).any(axis=1)
        found = (self.node(number) for number in self.numbers[agree].tolist())
        return [one for one in found if (one.bands == node.bands).any()]

    def node(self, number: int) -> Node:
        """A present document."""
        id_, runs, values = self.store.connection.execute(
            "SELECT d.id, s.runs, s.minhash FROM document d JOIN signature s "
            "ON s.document = d.number WHERE d.number = ?",
            (number,),
        ).fetchone()
        return Node(id_, False, runs, values)


def pairs_around(nodes: Iterable[Node], among: Iterable[Node]) -> set[tuple[Node, Node]]:
    """The pairs of `among` that are compared in the bands of `nodes`: each with the next and first.

    `among` holds all that agree with one of `nodes` in a band.
    """
    ordered = sorted(set(among))
    bands = [one.bands.tolist() for one in ordered]
    pairs: set[tuple[Node, Node]] = set()
    for band in range(BANDS):
        looked = {int(node.bands[band]) for node in nodes}
        agreeing: dict[int, list[Node]] = defaultdict(list)
        for one, values in zip(ordered, bands, strict=True):
            if values[band] in looked:
                agreeing[values[band]].append(one)
        for members in agreeing.values():
            pairs.update(itertools.pairwise(members))
            pairs.update((members[0], other) for other in members[1:])
    return pairs
