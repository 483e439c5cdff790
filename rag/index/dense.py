"""Nearest vectors through FAISS; the only module that imports it.

The file is derived from the SQLite file and named after its generation: a missing, damaged or
outdated one is rebuilt from the stored vectors, so that it can never disagree with them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np

from rag.encoding import Vectors
from rag.index.store import Store


class DenseIndex:
    """Passage vectors by number; the inner product of unit vectors is their cosine."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def load(cls, store: Store, dimensions: int) -> DenseIndex:
        """The index of the store's present generation, from its file or else from the vectors."""
        path = _path(store)
        try:
            found = cls(faiss.read_index(str(path)))
        except RuntimeError:  # what FAISS raises for a missing file as for a damaged one
            return cls.build(store, dimensions)
        if found._index.d != dimensions or len(found) != store.counts()[1]:
            return cls.build(store, dimensions)
        return found

    @classmethod
    def build(cls, store: Store, dimensions: int) -> DenseIndex:
        numbers, vectors = store.vectors(dimensions)
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions))
        if numbers:
            index.add_with_ids(vectors, np.asarray(numbers, dtype=np.int64))
        return cls(index)

    def save(self, store: Store) -> None:
        """Write the file of the store's generation, whole or not at all, and drop older ones."""
        path = _path(store)
        temporary = path.with_suffix(f".{os.getpid()}.part")
        faiss.write_index(self._index, str(temporary))
        temporary.replace(path)
        for old in store.folder.glob("dense-*"):
            if old != path:
                with contextlib.suppress(FileNotFoundError):
                    old.unlink()

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, vector: Vectors, limit: int, allowed: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Passage numbers with cosines for one vector of shape `(dimensions,)`, best first."""
        if not len(self) or (allowed is not None and not allowed):
            return []
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.asarray(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, numbers = self._index.search(
            vector.reshape(1, -1), min(limit, len(self)), params=parameters
        )
        return [
            (int(number), float(score))
            for number, score in zip(numbers[0], scores[0], strict=True)
            if number >= 0
        ]


def _path(store: Store) -> Path:
    return store.folder / f"dense-{store.generation}.faiss"
