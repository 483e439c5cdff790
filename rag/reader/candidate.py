"""Possible answers of the reader, and the reading of passages that they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.reader.decoding import PassageReading
from rag.reader.model import PassageReader
from rag.types import Passage, Span


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer with what its probability is computed from.

    `features` are: the score of the span or of the tags (for a sentence, of the passage's best
    span), the evidence logit of the best of its sentences, the passage's answerability logit,
    the passage's cosine with the question, and by how much the best cosine of its document is less
    than that of the nearest document (0 or less). Spans and tagged items have three more: by how
    much each of the first three changes at the second look (`rag.reader.second_look`). `verdict`
    is the passage's, of a yes-no question.
    """

    passage: Passage
    quote: Span
    answer: Span
    features: tuple[float, ...]
    verdict: tuple[float, float, float] | None = None


def read_passages(
    model: PassageReader, question: str, passages: Sequence[Passage]
) -> list[PassageReading]:
    """The reading of each passage, its document's title before it."""
    return model.read(
        question,
        [passage.text for passage in passages],
        [
            [(s.start - passage.start, s.end - passage.start) for s in passage.sentences]
            for passage in passages
        ],
        [passage.source.title for passage in passages],
    )
