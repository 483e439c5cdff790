"""Measures of an exported reader by itself, on data that it was never trained or tuned on.

The public sets are those of `rag.evaluation.public`; beside them stand what the training is watched
by. The reader inside the whole pipeline (retrieval, abstention, citations) is measured elsewhere.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rag.evaluation.public import READING
from rag.reader.decoding import PassageReading
from rag.reader.model import PassageReader, ReaderModel
from rag.reader.trained import candidates
from rag.training.data import newsroom, polarity
from rag.training.example import Range
from rag.training.measures import mean
from rag.training.scores import hits, newsroom_scores, pair_score, read_examples
from rag.training.windows import sentences_of
from rag.types import Hit, Passage, Source, Span

SEED = 5
PAIRS = 400
# The product's passages: twenty of 150 words for a question.
SPEED_PASSAGES, SPEED_WORDS, SPEED_RUNS = 20, 150, 15

Scores = dict[str, Any]


def evaluate(name: str, folder: Path, data: Path, limit: int = 0) -> Scores:
    """The scores of one of MEASURES for the reader in `folder`; `limit` questions, 0 for all."""
    scores = MEASURES[name](ReaderModel(folder), data, limit)
    return {"measure": name, **{k: round(v, 4) for k, v in scores.items()}}


def polarity_test(reader: PassageReader, _: Path, limit: int) -> Scores:
    """Pairs in held-out verbs and topics: both sides right, by the best span and by the tags."""
    pairs = polarity.build_pairs(limit or PAIRS, SEED)
    exact_lists = []
    for pair in pairs:
        readings = zip(pair, read_examples(reader, pair), strict=True)
        exact_lists.append(float(all(_tagged_right(r, e.spans) for e, r in readings)))
    return {
        "pairs": len(pairs),
        "both_right": pair_score(reader, pairs),
        "both_lists_exact": mean(exact_lists),
    }


def _tagged_right(reading: PassageReading, gold: Sequence[Range]) -> bool:
    """Whether the tagged runs name every right party and no other."""
    runs = [(run.start, run.end) for run in reading.tagged]
    return all(hits(span, runs) for span in gold) and all(hits(run, gold) for run in runs)


def newsroom_dev(reader: PassageReader, data: Path, limit: int) -> Scores:
    """Newsroom dev, reading every window of the question's event."""
    rng = random.Random(SEED)
    return dict(newsroom_scores(reader, data / "newsroom/dev", limit or 10_000, rng))


def speed(reader: PassageReader, data: Path, _: int) -> Scores:
    """Milliseconds for one question over twenty passages of 150 words.

    `p50_ms` is as the product reads them, what the first pass leaves and the best of it again;
    `whole_p50_ms` every word of them once.
    """
    question = "Which of the companies declined to sign the agreement?"
    hits = _passages(data)
    texts = [hit.passage.text for hit in hits]
    sentences = [[(s.start, s.end) for s in hit.passage.sentences] for hit in hits]
    read, whole = [], []
    for _ in range(SPEED_RUNS):
        began = time.perf_counter()
        candidates(reader, question, hits)
        between = time.perf_counter()
        reader.read(question, texts, sentences)
        read.append((between - began) * 1000)
        whole.append((time.perf_counter() - between) * 1000)
    return {"p50_ms": statistics.median(read), "whole_p50_ms": statistics.median(whole)}


def _passages(data: Path) -> list[Hit]:
    events = newsroom.read_events(data / "newsroom/dev")
    words = " ".join(a.text.text for e in events for a in e.articles).split()
    found = []
    for number in range(SPEED_PASSAGES):
        text = " ".join(words[number * SPEED_WORDS : (number + 1) * SPEED_WORDS])
        spans = tuple(Span(*one) for one in sentences_of(text).sentences)
        passage = Passage(Source(str(number)), 0, len(text), text, spans)
        found.append(Hit(passage, 1 / (number + 1), 0.5, 1.0))
    return found


Measure = Callable[[PassageReader, Path, int], Scores]

MEASURES: dict[str, Measure] = {
    "condaqa-dev": READING["condaqa"],
    "newsroom-dev": newsroom_dev,
    "polarity": polarity_test,
    "speed": speed,
    "squad-test": READING["squad"],
    "trecqa-test": READING["trecqa"],
    "wikiqa-test": READING["wikiqa"],
}
