"""txtai: an embeddings database, with its hybrid of vectors and BM25 as it recommends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common import Embed, Find, main
from txtai import Embeddings


def build(passages: Sequence[str], model: str) -> tuple[Find, Embed]:
    database = Embeddings(path=model, hybrid=True, gpu=False)
    database.index(enumerate(passages))

    def find(question: str, k: int) -> list[int]:
        return [int(place) for place, _ in database.search(question, k)]

    def embed(some: Sequence[str]) -> Any:
        return database.batchtransform(list(some))

    return find, embed


if __name__ == "__main__":
    main(build)
