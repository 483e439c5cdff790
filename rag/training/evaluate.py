"""Measures of an exported reader by itself, on data that it was never trained or tuned on.

The reader inside the whole pipeline (retrieval, abstention, citations) is measured elsewhere.
"""

from __future__ import annotations

import csv
import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.reader.decoding import PassageReading
from rag.reader.model import PassageReader, ReaderModel
from rag.training.data import condaqa, newsroom, polarity, squad
from rag.training.data.sentences import detokenize
from rag.training.example import Range
from rag.training.measures import auroc, average_precision, exact, f1, mean
from rag.training.scores import (
    hits,
    newsroom_scores,
    pair_score,
    read_examples,
    top_score,
    yesno_score,
)
from rag.training.windows import sentences_of

SEED = 5
PAIRS = 400
# The product's passages: twenty of 150 words for a question.
SPEED_PASSAGES, SPEED_WORDS, SPEED_RUNS = 20, 150, 15
# Words of the chunks that a document's sentences are read in.
CHUNK_WORDS = 150

Scores = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ranking:
    """A question with candidate sentences, in their order, and which of them answer it."""

    question: str
    title: str
    sentences: tuple[str, ...]
    right: tuple[bool, ...]


def evaluate(name: str, folder: Path, data: Path, limit: int = 0) -> Scores:
    """The scores of one of MEASURES for the reader in `folder`; `limit` questions, 0 for all."""
    scores = MEASURES[name](ReaderModel(folder), data, limit)
    return {"measure": name, **{k: round(v, 4) for k, v in scores.items()}}


def squad_test(reader: PassageReader, data: Path, limit: int) -> Scores:
    """SQuAD 2.0 on the held-out articles; the threshold is fitted on two training-side articles."""
    aside = _read_squad(reader, squad.read_aside(data / "squad/train.json"))
    threshold = best_threshold(aside)
    items = squad.read_items(data / "squad/test.json")
    if limit:
        items = random.Random(SEED).sample(items, k=min(limit, len(items)))
    rows = _read_squad(reader, items)
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
    """The threshold with the highest mean F1."""
    candidates = sorted({row.score for row in rows})
    return max(candidates, key=lambda value: mean([row.f1(value) for row in rows]), default=0.0)


def _read_squad(reader: PassageReader, items: Sequence[squad.Item]) -> list[SquadRow]:
    rows = []
    for item in items:
        sentences = sentences_of(item.paragraph).sentences
        reading = reader.read(item.question, [item.paragraph], [sentences])[0]
        top = reading.spans[0]
        said = item.paragraph[top.start : top.end]
        rows.append(SquadRow(said, top_score(reading), reading.answerable, item.answers))
    return rows


def wikiqa_test(reader: PassageReader, data: Path, limit: int) -> Scores:
    """WikiQA test, questions with right and wrong sentences; sentences are read in context."""
    rows: dict[str, list[dict[str, str]]] = {}
    with (data / "wikiqa/WikiQA-test.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows.setdefault(row["QuestionID"], []).append(row)
    rankings = [
        Ranking(
            group[0]["Question"],
            group[0]["DocumentTitle"],
            tuple(row["Sentence"] for row in group),
            tuple(row["Label"] == "1" for row in group),
        )
        for group in rows.values()
    ]
    return _rank(reader, rankings, limit, in_context=True)


def trecqa_test(reader: PassageReader, data: Path, limit: int) -> Scores:
    """TREC-QA clean test; the sentences are from different articles and are read alone."""
    text = (data / "trecqa/TEST.xml").read_text(encoding="utf-8", errors="replace")
    return _rank(reader, list(_trecqa(text)), limit, in_context=False)


def _trecqa(text: str) -> Iterator[Ranking]:
    for block in text.split("<QApairs")[1:]:
        question, sentences, right = "", [], []
        lines = block.splitlines()
        for mark, line in itertools.pairwise(lines):
            if mark.strip() == "<question>":
                question = detokenize(line.split("\t"))[0]
            elif mark.strip() in ("<positive>", "<negative>"):
                sentences.append(detokenize(line.split("\t"))[0])
                right.append(mark.strip() == "<positive>")
        yield Ranking(question, "", tuple(sentences), tuple(right))


def _rank(
    reader: PassageReader, rankings: Sequence[Ranking], limit: int, *, in_context: bool
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


def condaqa_dev(reader: PassageReader, data: Path, limit: int) -> Scores:
    """CondaQA dev: the share of yes, no and don't know that are right, beside the majority."""
    asked = list(condaqa.build(data / "condaqa/dev.jsonl", SEED, training=False))
    asked = asked[:limit] if limit else asked
    labels = [example.yesno for example in asked]
    return {
        "questions": len(asked),
        "accuracy": yesno_score(reader, asked),
        "majority": max(labels.count(label) for label in set(labels)) / len(labels),
    }


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
    """Milliseconds for one question over twenty passages of 150 words, and the processor's."""
    events = newsroom.read_events(data / "newsroom/dev")
    words = " ".join(a.text.text for e in events for a in e.articles).split()
    passages = [
        " ".join(words[i * SPEED_WORDS : (i + 1) * SPEED_WORDS]) for i in range(SPEED_PASSAGES)
    ]
    sentences = [sentences_of(passage).sentences for passage in passages]
    times, busy = [], time.process_time()
    for _ in range(SPEED_RUNS):
        began = time.perf_counter()
        reader.read("Which of the companies declined to sign the agreement?", passages, sentences)
        times.append((time.perf_counter() - began) * 1000)
    busy = (time.process_time() - busy) / SPEED_RUNS * 1000
    return {"p50_ms": statistics.median(times), "best_ms": min(times), "processor_ms": busy}


Measure = Callable[[PassageReader, Path, int], Scores]

MEASURES: dict[str, Measure] = {
    "condaqa-dev": condaqa_dev,
    "newsroom-dev": newsroom_dev,
    "polarity": polarity_test,
    "speed": speed,
    "squad-test": squad_test,
    "trecqa-test": trecqa_test,
    "wikiqa-test": wikiqa_test,
}
