"""How a result came about: the passages that were found and what the reader made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.deeds import of_side
from rag.reader import Reader
from rag.results import Abstention, Answer
from rag.types import Evidence, Hit, Span


@dataclass(frozen=True, slots=True)
class Explained:
    """A result with the passages that were read for it, best first, and their evidence.

    `evidence` is the reader's of the side that is asked for, the most probable first; `threshold`
    is the probability from which it is worth an answer, `least` the one from which it counts beside
    the best.
    """

    result: Answer | Abstention
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    threshold: float
    least: float

    def reader_score(self, hit: Hit) -> float | None:
        """The best probability of a sentence of the passage; None where the reader has none."""
        passage = hit.passage
        whole = Span(passage.start, passage.end)
        found = (
            one.probability
            for one in self.evidence
            if one.passage.source.id == passage.source.id and whole.contains(one.quote)
        )
        return max(found, default=None)


@dataclass(frozen=True, eq=False, slots=True)
class NotingReader:
    """Reads as `reader` does, the same passages for a question once, and keeps what it found."""

    reader: Reader
    readings: dict[tuple[str, tuple[str, ...]], list[Evidence]] = field(default_factory=dict)

    def threshold(self, question: str) -> float:
        return self.reader.threshold(question)

    def least(self, question: str, best: float) -> float:
        return self.reader.least(question, best)

    def notes(self, question: str) -> tuple[str, ...]:
        return self.reader.notes(question)

    def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        key = question, tuple(hit.passage.id for hit in hits)
        if key not in self.readings:
            self.readings[key] = self.reader.read(question, hits)
        return self.readings[key]

    def explain(self, question: str, hits: Sequence[Hit], result: Answer | Abstention) -> Explained:
        """The result that was made of these hits with this reader."""
        # The first reading: a second one looks for those who have not decided.
        evidence = tuple(of_side(question, next(iter(self.readings.values()), ())))
        best = evidence[0].probability if evidence else 0.0
        return Explained(
            result, tuple(hits), evidence, self.threshold(question), self.least(question, best)
        )
