"""A reader alone on the public sets, each by the protocol of its papers.

No set decides anything about the reader; thresholds come from the training side.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from rag.evaluation.public.formats import Item, Range, Ranking, YesNo
from rag.evaluation.public.measures import auroc, average_precision, exact, f1, mean
from rag.evaluation.questions import YESNO_LABELS
from rag.reader.decoding import PassageReading, ScoredSpan
from rag.reader.model import PassageReader
from rag.splitting import split_sentences
from rag.types import Document, Source

# The order of a limited SQuAD run, so that it is the same questions each time.
SEED = 5
# Words of the chunks that a document's sentences are read in.
CHUNK_WORDS = 150
# The score of the best span where there is none: far below any.
NO_SPAN = -100.0

Scores = dict[str, float]


def squad_scores(
    reader: PassageReader, items: Sequence[Item], aside: Sequence[Item], limit: int = 0
) -> Scores:
    """SQuAD 2.0; the threshold of no answer is fitted on `aside`, articles of the training side."""
    threshold = best_threshold(_read_squad(reader, aside))
    rows = _read_squad(reader, _drawn(items, limit))
    answerable = [row for row in rows if row.gold]
    empty = [row for row in rows if not row.gold]
    labels = [bool(row.gold) for row in rows]
    return {
        "questions": len(rows),
        "f1": mean([row.f1(threshold) for row in rows]),
        "exact": mean([row.exact(threshold) for row in rows]),
        "no_answer_accuracy": mean([row.f1(threshold) for row in empty]),
        "answerable_f1": mean([row.f1(threshold) for row in answerable]),
        "forced_f1": mean([row.f1(float("-inf")) for row in answerable]),
        "auroc_span": auroc([row.span for row in rows], labels),
        "auroc_answerable": auroc([row.verdict for row in rows], labels),
        "auroc_both": auroc([row.score for row in rows], labels),
        "threshold": threshold,
    }


def answered_scores(reader: PassageReader, items: Sequence[Item], limit: int = 0) -> Scores:
    """A set in SQuAD's form of which every question has an answer: the best span is given."""
    rows = _read_squad(reader, _drawn(items, limit))
    return {
        "questions": len(rows),
        "f1": mean([row.f1(float("-inf")) for row in rows]),
        "exact": mean([row.exact(float("-inf")) for row in rows]),
    }


def _drawn(items: Sequence[Item], limit: int) -> Sequence[Item]:
    """`limit` questions from all over a set, always the same ones; all for 0."""
    return random.Random(SEED).sample(items, k=min(limit, len(items))) if limit else items


@dataclass(frozen=True, slots=True)
class SquadRow:
    """A question read: the forced answer, the two scores, and the annotators' answers."""

    said: str
    span: float
    verdict: float
    gold: tuple[str, ...]

    @property
    def score(self) -> float:
        """Both heads' belief that there is an answer."""
        return self.span + self.verdict

    def f1(self, threshold: float) -> float:
        """F1 with the answer kept back below the threshold."""
        said = self.said if self.score > threshold else ""
        return max(f1(said, gold) for gold in self.gold or ("",))

    def exact(self, threshold: float) -> float:
        """Exact match with the answer kept back below the threshold."""
        said = self.said if self.score > threshold else ""
        return max(exact(said, gold) for gold in self.gold or ("",))


def best_threshold(rows: Sequence[SquadRow]) -> float:
    """The middle of the thresholds whose mean F1 is within a standard error of the highest.

    The highest alone lies where a few hundred questions happen to put it.
    """
    if not rows:
        return 0.0
    found = {value: [row.f1(value) for row in rows] for value in {row.score for row in rows}}
    means = {value: mean(each) for value, each in found.items()}
    best = max(means, key=means.__getitem__)
    least = means[best] - statistics.pstdev(found[best]) / math.sqrt(len(rows))
    near = [value for value in means if means[value] >= least]
    return (min(near) + max(near)) / 2


def _read_squad(reader: PassageReader, items: Sequence[Item]) -> list[SquadRow]:
    rows = []
    for item in items:
        reading = reader.read(item.question, [item.paragraph], [sentences_of(item.paragraph)])[0]
        # Furniture alone, or a text without a word, has no span.
        top = reading.spans[0] if reading.spans else ScoredSpan(0, 0, NO_SPAN)
        said = item.paragraph[top.start : top.end]
        rows.append(SquadRow(said, top.score, reading.answerable, item.answers))
    return rows


def ranking_scores(
    reader: PassageReader, rankings: Sequence[Ranking], limit: int = 0, *, in_context: bool
) -> Scores:
    """MAP and MRR over the questions that have right and wrong sentences."""
    usual = [r for r in rankings if any(r.right) and not all(r.right)]
    usual = usual[:limit] if limit else usual
    precisions, reciprocal = [], []
    for ranking in usual:
        scores = _in_context(reader, ranking) if in_context else _alone(reader, ranking)
        order = sorted(range(len(scores)), key=lambda i: -scores[i])
        ranked = [ranking.right[i] for i in order]
        precisions.append(average_precision(ranked))
        reciprocal.append(1 / (ranked.index(True) + 1))
    return {"questions": len(usual), "map": mean(precisions), "mrr": mean(reciprocal)}


def _alone(reader: PassageReader, ranking: Ranking) -> list[float]:
    ranges = [[(0, len(sentence))] for sentence in ranking.sentences]
    readings = reader.read(ranking.question, ranking.sentences, ranges)
    return _sentence_scores(readings, ranges)


def _in_context(reader: PassageReader, ranking: Ranking) -> list[float]:
    """The score of each sentence, read in chunks of the document's sentences."""
    texts: list[str] = []
    ranges: list[list[Range]] = []
    for sentence in ranking.sentences:
        if not texts or len(f"{texts[-1]} {sentence}".split()) > CHUNK_WORDS:
            texts.append("")
            ranges.append([])
        start = len(texts[-1]) + bool(texts[-1])
        texts[-1] = f"{texts[-1]} {sentence}" if texts[-1] else sentence
        ranges[-1].append((start, start + len(sentence)))
    readings = reader.read(ranking.question, texts, ranges, [ranking.title] * len(texts))
    return _sentence_scores(readings, ranges)


def _sentence_scores(
    readings: Sequence[PassageReading], ranges: Sequence[Sequence[Range]]
) -> list[float]:
    """Evidence logit and best span of each sentence, added as they are: both are log odds.

    A sentence without one of the passage's best spans counts as the last of them.
    """
    return [
        evidence
        + max(
            (span.score for span in reading.spans if start <= span.start < end),
            default=reading.spans[-1].score if reading.spans else 0.0,
        )
        for reading, sentences in zip(readings, ranges, strict=True)
        for evidence, (start, end) in zip(reading.sentences, sentences, strict=True)
    ]


def condaqa_scores(reader: PassageReader, asked: Sequence[YesNo], limit: int = 0) -> Scores:
    """CondaQA: the share of yes, no and don't know that are right, beside the majority."""
    asked = asked[:limit] if limit else asked
    right = []
    for one in asked:
        reading = reader.read(one.question, [one.passage], [sentences_of(one.passage)])[0]
        said = YESNO_LABELS[reading.yesno.index(max(reading.yesno))]
        right.append(float(said == one.label))
    labels = [one.label for one in asked]
    most = max((labels.count(label) for label in set(labels)), default=0)
    majority = most / len(labels) if labels else 0.0
    return {"questions": len(asked), "accuracy": mean(right), "majority": majority}


def sentences_of(text: str) -> list[Range]:
    """The ranges of the sentences that the product finds in a text."""
    return [(s.start, s.end) for s in split_sentences(Document(Source("public"), text))]
