"""A deterministic encoder derived from the text, so that tests are fast and assert exact values.

Beside it, what stands in for a browser where the page's events are called.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import AsyncIterator, Sequence
from types import SimpleNamespace
from typing import TypeVar

import numpy as np

from rag.encoding import Vectors

Step = TypeVar("Step")


class WordEncoder:
    """Hashes words into a unit vector: texts that share words are near, others orthogonal."""

    def __init__(self, dimensions: int = 64, name: str = "words") -> None:
        self.dimensions = dimensions
        self.fingerprint = f"{name}:{dimensions}"
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row, 0] = 1e-3  # no text is without a direction
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, zlib.crc32(word.encode()) % self.dimensions] += 1.0
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-9), dtype=np.float32)


class Caller:
    """What the page's events are told of who asks."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.client = SimpleNamespace(host=address)


def every(steps: AsyncIterator[Step]) -> list[Step]:
    """All that an event of the page shows, one after another."""

    async def collect() -> list[Step]:
        return [step async for step in steps]

    return asyncio.run(collect())
