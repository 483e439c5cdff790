"""Readers: what turns a question and retrieved passages into evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.types import Evidence, Hit


class Reader(Protocol):
    """Finds the sentences of passages that answer a question, and the answers inside them."""

    def threshold(self, question: str) -> float:
        """The probability from which evidence for such a question is worth an answer."""

    def least(self, question: str, best: float) -> float:
        """The probability from which evidence counts beside the best: at least the threshold."""

    def notes(self, question: str) -> tuple[str, ...]:
        """What the asker should know of how this question is read; usually nothing."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        """Evidence from any of the passages, the most probable first; a sentence comes once."""
