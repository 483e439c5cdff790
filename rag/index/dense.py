"""Nearest vectors through FAISS; the only module that imports it.

The file is derived from the SQLite file, which names it: a missing, damaged or foreign one is
rebuilt from the stored vectors, so that it can never disagree with them. A passage never changes,
so an update leaves the file alone: passages added since are searched beside it, those that are
gone are masked, and both are worked in when they have become many.
"""

from __future__ import annotations

import contextlib
import json
import os
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import faiss as typed_faiss
import numpy as np
from numpy.typing import NDArray

from rag.encoding import Vectors
from rag.index.store import Numbers, Store

# Its type stubs lack what its Python layer adds: arrays and keywords.
faiss: Any = typed_faiss

# Up to here all vectors are compared, 145 ns each (1 M × 384 on two quiet cores: 145 ms), and the
# results are exact. Above, they are in lists about their k-means centres, one byte a value.
FLAT_PASSAGES = 25_000
# Lists per square root of the passages, and how many of them a question looks into. Of the ten
# nearest of 13,500 real sentences to 300 questions, 46 lists find 0.94, 70 find 0.96 and 93 find
# 0.97; of 3,375 sentences 35 find 0.92 and 46 find 0.945: the number that is needed hardly grows.
# With one list per root twice the vectors have to be compared for it.
LISTS_PER_ROOT = 4.0
PROBED_LISTS = 128
# Vectors that k-means sees for each list; FAISS warns of fewer than 39.
TRAINED_PER_LIST = 40
# The centres are found anew when there are so many times the passages that they were found for.
OUTGROWN = 4
# Passages added or gone since the file was written: comparing 10,000 takes 1.5 ms, and writing the
# file of a million takes seconds.
MOST_RECENT, RECENT_SHARE, FEWEST_RECENT = 10_000, 0.1, 100
# FAISS cannot map lists into memory everywhere; there they are read whole.
_MAPPED = faiss.IO_FLAG_MMAP if hasattr(faiss, "OnDiskInvertedLists") else 0
_NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Main:
    """What the SQLite file says of the FAISS file: it holds the passages up to `last`.

    `size` is in bytes; `trained_for` the number of passages that its lists were found for, 0 where
    it has none.
    """

    name: str = ""
    size: int = 0
    last: int = -1
    passages: int = 0
    trained_for: int = 0

    @classmethod
    def of(cls, store: Store) -> Main:
        return cls(**json.loads(store.setting("dense", "{}")))

    def set(self, store: Store) -> None:
        values = {name: getattr(self, name) for name in self.__slots__}
        store.set("dense", json.dumps(values))

    def path(self, store: Store) -> Path:
        return store.folder / f"dense-{self.name}.faiss"

    def is_there(self, store: Store) -> bool:
        """Whether its file is there, whole: to read past a mapped one's end ends the process."""
        try:
            return self.path(store).stat().st_size == self.size
        except OSError:
            return False


class DenseIndex:
    """Passage vectors by number; the inner product of unit vectors is their cosine."""

    def __init__(
        self,
        store: Store,
        main: Main,
        index: Any,
        gone: Numbers,
        recent: tuple[Numbers, Vectors],
    ) -> None:
        """`gone` are passages of `index` that are no more; `recent` those above `main.last`."""
        self._store = store
        self._main = main
        self._index = index
        self._gone = gone
        self._recent = recent

    @classmethod
    def load(cls, store: Store, dimensions: int, before: DenseIndex | None = None) -> DenseIndex:
        """The index of the store's present state, which is not older than that of `before`.

        What has not changed is taken from `before`, the rest from the file or the stored vectors.
        """
        main = Main.of(store)
        if before and before._main == main:
            recent = _recent(store, main, dimensions, before._recent)
            return cls(store, main, before._index, _gone(store), recent)
        index = _read(store, main, dimensions)
        if index is None:
            main, index = _build(store, dimensions)
            return cls(store, main, index, _NONE, _recent(store, main, dimensions))
        return cls(store, main, index, _gone(store), _recent(store, main, dimensions))

    def __len__(self) -> int:
        return int(self._index.ntotal) - len(self._gone) + len(self._recent[0])

    def search(
        self, vector: Vectors, limit: int, allowed: Numbers | None = None
    ) -> list[tuple[int, float]]:
        """Passage numbers with cosines for one vector of shape `(dimensions,)`, best first.

        The cosines are exact; which passages are found is, too, up to `FLAT_PASSAGES`.
        """
        numbers, scores = self._search_file(vector, limit, allowed)
        if self._main.trained_for and len(numbers):
            stored = self._store.vectors_of(numbers.tolist())
            numbers = np.array(list(stored), dtype=np.int64)
            scores = np.stack(list(stored.values())) @ vector
        recent, vectors = self._recent
        if len(recent):
            numbers = np.concatenate([numbers, recent])
            scores = np.concatenate([scores, vectors @ vector])
            if allowed is not None:
                inside = np.isin(numbers, allowed)
                numbers, scores = numbers[inside], scores[inside]
        order = np.lexsort((numbers, -scores))[:limit]
        return [(int(numbers[at]), float(scores[at])) for at in order]

    def _search_file(
        self, vector: Vectors, limit: int, allowed: Numbers | None
    ) -> tuple[Numbers, NDArray[np.float32]]:
        here = len(self) - len(self._recent[0])
        if allowed is not None:
            allowed = allowed[allowed <= self._main.last]
            here = min(here, len(allowed))
        limit = min(limit, here)
        if not limit:
            return _NONE, np.empty(0, dtype=np.float32)
        selector = self._selector(allowed)
        parameters = faiss.SearchParameters(sel=selector) if selector else None
        if self._main.trained_for:
            # So many lists that as many passages are compared as without a filter.
            lists = self._index.nlist
            probed = min(lists, round(PROBED_LISTS * self._index.ntotal / here))
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probed)
        scores, numbers = self._index.search(vector.reshape(1, -1), limit, params=parameters)
        found = numbers[0] >= 0
        return numbers[0][found], scores[0][found]

    def _selector(self, allowed: Numbers | None) -> Any:
        if allowed is None and not len(self._gone):
            return None
        inside = np.full(self._main.last + 1, allowed is None)
        inside[self._gone] = False
        if allowed is not None:
            inside[allowed] = True
        return faiss.IDSelectorBitmap(np.packbits(inside, bitorder="little"))


def keep_file(store: Store, dimensions: int) -> None:
    """Write the file anew where it is missing or much has changed since; the writer calls it.

    The index is complete without it: the file is written whole, under a name that the SQLite file
    gets to know afterwards.
    """
    main = Main.of(store)
    count = store.connection.execute(
        "SELECT (SELECT count(*) FROM passage WHERE number > ?) + (SELECT count(*) FROM gone)",
        (main.last,),
    ).fetchone()[0]
    most = min(MOST_RECENT, max(FEWEST_RECENT, RECENT_SHARE * main.passages))
    if count <= most and main.is_there(store):
        return
    grown = _grown(store, main, dimensions)
    main, index = grown or _build(store, dimensions)
    path = main.path(store)
    temporary = path.with_suffix(f".{os.getpid()}.part")
    faiss.write_index(index, str(temporary))
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    main = replace(main, size=temporary.stat().st_size)
    temporary.replace(path)
    with store.transaction():
        main.set(store)
        store.connection.execute("DELETE FROM gone")
    for old in store.folder.glob("dense-*"):
        if old != path:
            with contextlib.suppress(OSError):  # some systems keep a file that is being read
                old.unlink()


def _read(store: Store, main: Main, dimensions: int, flags: int = _MAPPED) -> Any | None:
    """The file's index, of which lists are read when they are looked into; None where unusable."""
    if not main.is_there(store):
        return None
    try:
        index = faiss.read_index(str(main.path(store)), flags if main.trained_for else 0)
    except RuntimeError:  # what FAISS raises for a damaged file
        return None
    if index.d != dimensions or index.ntotal != main.passages:
        return None
    if main.trained_for and flags:
        # It would start threads in each search that read ahead.
        faiss.downcast_InvertedLists(index.invlists).prefetch_nthread = 0
    return index


def _build(store: Store, dimensions: int) -> tuple[Main, Any]:
    """An index of all passages."""
    numbers = store.numbers()
    trained_for = len(numbers) if len(numbers) > FLAT_PASSAGES else 0
    if trained_for:
        index = _trained(store, numbers, dimensions)
    else:
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions))
    for some, vectors in store.vectors(dimensions):
        index.add_with_ids(vectors, some)
    last = int(numbers[-1]) if len(numbers) else -1
    return Main(uuid.uuid4().hex, 0, last, len(numbers), trained_for), index


def _trained(store: Store, numbers: Numbers, dimensions: int) -> Any:
    lists = round(LISTS_PER_ROOT * len(numbers) ** 0.5)
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimensions),
        dimensions,
        lists,
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
        False,  # values are quantised as they are, not their differences from the centre
    )
    index.cp.spherical = True
    size = min(len(numbers), TRAINED_PER_LIST * lists)
    sample = np.random.default_rng(0).choice(numbers, size, replace=False)
    index.train(np.stack(list(store.vectors_of(np.sort(sample).tolist()).values())))
    return index


def _grown(store: Store, main: Main, dimensions: int) -> tuple[Main, Any] | None:
    """The lists of the file with what has changed since; None where they are to be found anew."""
    passages = store.counts()[1]
    if not FLAT_PASSAGES < passages <= OUTGROWN * main.trained_for:
        return None
    index = _read(store, main, dimensions, 0)
    if index is None:
        return None
    index.remove_ids(_gone(store))
    last = main.last
    for numbers, vectors in store.vectors(dimensions, main.last):
        index.add_with_ids(vectors, numbers)
        last = int(numbers[-1])
    return Main(uuid.uuid4().hex, 0, last, passages, main.trained_for), index


def _gone(store: Store) -> Numbers:
    rows = store.connection.execute("SELECT number FROM gone ORDER BY number").fetchall()
    return np.array(rows, dtype=np.int64).ravel()


def _recent(
    store: Store, main: Main, dimensions: int, before: tuple[Numbers, Vectors] | None = None
) -> tuple[Numbers, Vectors]:
    """The passages that are not in the file, of which `before` has some and some that are gone."""
    parts = [before or (_NONE, np.empty((0, dimensions), dtype=np.float32))]
    last = int(parts[0][0][-1]) if len(parts[0][0]) else main.last
    parts += store.vectors(dimensions, last)
    numbers = np.concatenate([part for part, _ in parts])
    vectors = np.concatenate([part for _, part in parts])
    kept = np.isin(numbers, store.numbers(main.last))
    return numbers[kept], vectors[kept]
