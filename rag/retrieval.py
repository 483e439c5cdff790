"""Hybrid retrieval: dense and lexical rankings fused by reciprocal rank fusion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rag.encoding import Encoder
from rag.index import words
from rag.index.dense import DenseIndex
from rag.index.store import Store
from rag.types import Filters, Hit

# The constant of Cormack, Clarke and Büttcher (SIGIR 2009), which damps the top ranks.
FUSION_K = 60
# How deep each ranking is read; a passage below both is not found.
POOL = 100


@dataclass(frozen=True, slots=True)
class Retriever:
    """Searches one snapshot of an index; the caller holds the snapshot open."""

    store: Store
    dense: DenseIndex
    encoder: Encoder

    def search(self, question: str, k: int, filters: Filters = Filters()) -> list[Hit]:  # noqa: B008
        """The `k` best passages, best first; fewer where fewer match, none for an empty filter."""
        allowed = self.store.matching(filters) if filters else None
        pool = max(POOL, k)
        vector = self.encoder.encode([question])[0]
        dense = dict(self.dense.search(vector, pool, allowed))
        scores = words.score(self.store, question)
        lexical = dict(scores.best(pool, allowed))
        fused: dict[int, float] = {}
        for ranking in (dense, lexical):
            for rank, number in enumerate(ranking, 1):
                fused[number] = fused.get(number, 0.0) + 1.0 / (FUSION_K + rank)
        best = sorted(fused, key=lambda number: (-fused[number], number))[:k]
        # A passage found by one ranking only gets its score by the other, so that none is missing.
        far = [number for number in best if number not in dense]
        for number, stored in self.store.vectors_of(far).items():
            dense[number] = float(np.dot(stored, vector))
        passages = self.store.passages(best)
        return [
            Hit(passages[number], fused[number], dense[number], scores.of(number))
            for number in best
        ]
