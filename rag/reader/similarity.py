"""A reader without a trained model of its own: sentences scored by how like the question they are.

It is the baseline that a trained reader is measured against. Similarity is blind to who did what
and cannot find less than a sentence: its answers are whole sentences.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.encoding import Encoder, Vectors
from rag.language import content_stems, expected_kind
from rag.types import Evidence, Hit, Passage, Span

# Sentence vectors kept between questions, 1.5 kB each.
CACHED_SENTENCES = 20_000
# Logistic regression of "this sentence is gold evidence" on `features`, and its constant, fitted
# on the newsroom dev events by eval/benchmarks/fit_similarity.py.
WEIGHTS = np.array([8.41, 0.67, 2.3, 1.33])
CONSTANT = -8.32
# The probability that best parts answerable from unanswerable questions (balanced accuracy) on
# the same events, by the same script.
THRESHOLD = 0.463

# It encodes every sentence that it is given, so it looks at the first passages alone.
PASSAGES = 10


class SimilarityReader:
    """Scores sentences by cosine, shared words and the kind of answer that the question wants."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, Vectors] = {}

    def threshold(self, _: str) -> float:
        return THRESHOLD

    def least(self, _question: str, _best: float) -> float:
        return THRESHOLD

    def notes(self, _: str) -> tuple[str, ...]:
        return ()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        sentences = sentences_of(hits[:PASSAGES])
        if not sentences:
            return []
        scores = self.features(question, sentences) @ WEIGHTS + CONSTANT
        probabilities = 1.0 / (1.0 + np.exp(-scores))
        evidence = [
            Evidence(passage, sentence, sentence, float(probability))
            for (passage, sentence), probability in zip(sentences, probabilities, strict=True)
        ]
        return sorted(evidence, key=lambda found: -found.probability)

    def features(
        self, question: str, sentences: Sequence[tuple[Passage, Span]]
    ) -> NDArray[np.float64]:
        """A row for each sentence: cosine, share of the question's content words in the sentence,
        the same in its passage, and 1 where the expected kind of answer is there."""
        texts = [passage.slice(sentence) for passage, sentence in sentences]
        asked = content_stems(question)
        kind = expected_kind(question)
        cosines = self._encode(texts) @ self._encoder.encode([question])[0]
        return np.array(
            [
                [
                    cosine,
                    _share(asked, content_stems(text)),
                    _share(asked, content_stems(passage.text)),
                    float(kind is None or kind.search(text) is not None),
                ]
                for cosine, text, (passage, _) in zip(cosines, texts, sentences, strict=True)
            ]
        )

    def _encode(self, texts: Sequence[str]) -> Vectors:
        if len(self._vectors) > CACHED_SENTENCES:
            self._vectors.clear()
        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        self._vectors.update(zip(missing, self._encoder.encode(missing), strict=True))
        return np.stack([self._vectors[text] for text in texts])


def sentences_of(hits: Sequence[Hit]) -> list[tuple[Passage, Span]]:
    """Every sentence of the passages once, with the first passage that holds it."""
    found: dict[tuple[str, Span], Passage] = {}
    for hit in hits:
        for sentence in hit.passage.sentences:
            found.setdefault((hit.passage.source.id, sentence), hit.passage)
    return [(passage, sentence) for (_, sentence), passage in found.items()]


def _share(asked: frozenset[str], found: frozenset[str]) -> float:
    return len(asked & found) / len(asked) if asked else 0.0
