"""Time the answer builder alone: evidence of 20 passages in, an answer out, no reading, no search.

Every sentence of the passages is evidence; as with a reader, a few of them reach the threshold.

python eval/benchmarks/answer_builder.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import replace

from rag.answers import AnswerBuilder
from rag.splitting import split_passages
from rag.types import Document, Evidence, Hit, Source

PASSAGES, RUNS = 20, 200
# Of the evidence, one piece in this many is good enough to be cited.
GOOD_EVERY = 28
THRESHOLD = 0.5
QUESTIONS = (
    "When was the plan called good?",
    "How many plans were good?",
    "Who said that the plan was good?",
    "What did Speaker 3 say about the plan?",
    "Which speakers agreed to the plan?",
)


class EverySentence:
    """Holds every sentence for an answer, more or less."""

    def __init__(self, evidence: list[Evidence]) -> None:
        self.evidence = evidence

    def threshold(self, _: str) -> float:
        return THRESHOLD

    def least(self, _question: str, _best: float) -> float:
        return THRESHOLD

    def notes(self, _: str) -> tuple[str, ...]:
        return ()

    def read(self, _question: str, _hits: Sequence[Hit]) -> list[Evidence]:
        return self.evidence


def main() -> None:
    documents = {}
    hits = []
    for number in range(PASSAGES):
        lines = [f"Speaker {i} of town {number} said that plan {i} was good." for i in range(14)]
        document = Document(Source(f"{number}.txt"), " ".join(lines))
        documents[document.id] = document
        hits.append(Hit(split_passages(document)[0], 0.1, 0.5, 1.0))
    evidence = [
        Evidence(hit.passage, sentence, sentence, 0.4)
        for hit in hits
        for sentence in hit.passage.sentences
    ]
    good = [replace(one, probability=0.9) for one in evidence[::GOOD_EVERY]]
    evidence = [*good, *(one for n, one in enumerate(evidence) if n % GOOD_EVERY)]
    builder = AnswerBuilder(EverySentence(evidence), documents.__getitem__)
    for question in QUESTIONS:
        times = []
        for _ in range(RUNS):
            started = time.perf_counter()
            builder.build(question, hits)
            times.append(time.perf_counter() - started)
        print(
            f"{question}: {len(evidence)} pieces of evidence, {len(good)} good, p50 "
            f"{statistics.median(times) * 1000:.2f} ms"
        )


if __name__ == "__main__":
    main()
