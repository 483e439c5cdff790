"""Sentence choice: QED, CLAPNQ, SelQA, and lists from MultiSpanQA, all on Wikipedia text."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.evaluation.public.formats import detokenize
from rag.training.data.negatives import unanswerable
from rag.training.example import ALL_BUT_YESNO, ANSWERABLE, EVIDENCE, SPAN, Example, Range
from rag.training.windows import Text, draw_size, sentences_of, touching, window_around

CHOICE_TASKS = (EVIDENCE, ANSWERABLE)
# Share of SelQA and CLAPNQ windows that are moved away from the right sentence.
AWAY_SHARE = 0.4


def untokenized(text: str) -> str:
    """A paragraph of Natural Questions as people write it, without the spaces between tokens."""
    joined = detokenize(text.split())[0]
    return re.sub(r"(\w) - (\w)", r"\1-\2", joined).replace(" -- ", " – ")


def _joined(sentences: Sequence[str]) -> Text:
    ranges, length, pieces = [], 0, []
    for sentence in sentences:
        text, _ = detokenize(sentence.split())
        if not text:
            continue
        ranges.append((length, length + len(text)))
        pieces.append(text)
        length += len(text) + 1
    return Text(" ".join(pieces), tuple(ranges))


def build_qed(path: Path, seed: int) -> Iterator[Example]:
    """Natural Questions with the sentence that answers and the answer."""
    rng = random.Random(seed)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        paragraph = row["paragraph_text"]
        bounds = [*row["sentence_starts"], len(paragraph)]
        text = Text(paragraph, _stripped(paragraph, bounds))
        answers = [a for group in row["original_nq_answers"] for a in group]
        if not answers:
            continue
        best = min(answers, key=lambda a: a["end"] - a["start"])
        span = (best["start"], best["end"])
        if paragraph[span[0] : span[1]] != best["string"]:
            continue
        first, last = touching(text, span)
        window = window_around(text, first, last, draw_size(rng), rng)
        local = window.local(span)
        yield Example(
            question=row["question_text"],
            context=window.text,
            spans=(local,),
            sentences=window.sentences,
            evidence=tuple(s < local[1] and local[0] < e for s, e in window.sentences),
            answerable=True,
            source="qed",
            # Where an answer is named twice only one place is given: no tagging.
            tasks=(SPAN, EVIDENCE, ANSWERABLE),
            title=row["title_text"] if rng.random() < 0.5 else "",
        )


def _stripped(text: str, bounds: Sequence[int]) -> tuple[Range, ...]:
    found = []
    for start, end in itertools.pairwise(bounds):
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = left + len(piece.strip())
        if left < right:
            found.append((left, right))
    return tuple(found)


def build_choice(folder: Path, seed: int) -> Iterator[Example]:
    """CLAPNQ and SelQA: which sentences answer; no span is known."""
    rng = random.Random(seed)
    for path in sorted((folder / "clapnq").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            passage = row["passages"][0]
            chosen = set(row["output"][0]["selected_sentences"])
            flags = [s in chosen for s in passage["sentences"] if s.split()]
            yield _chosen(row["input"], _joined(passage["sentences"]), flags, "clapnq", rng)
    for path in sorted((folder / "selqa").glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            flags = [i in row["answers"] for i, s in enumerate(row["candidates"]) if s.split()]
            yield _chosen(row["question"], _joined(row["candidates"]), flags, "selqa", rng)


def _chosen(
    question: str, text: Text, flags: Sequence[bool], source: str, rng: random.Random
) -> Example:
    """A window around a right sentence, or, for a share of them, away from it."""
    right = [i for i, flag in enumerate(flags) if flag]
    wrong = [i for i, flag in enumerate(flags) if not flag]
    away = not right or (bool(wrong) and rng.random() < AWAY_SHARE)
    anchor = rng.choice(wrong if away else right)
    window = window_around(text, anchor, anchor, draw_size(rng), rng)
    evidence = tuple(flags[window.first : window.last + 1])
    if not any(evidence):
        return unanswerable(question, Text(window.text, window.sentences), source)
    return Example(
        question=question,
        context=window.text,
        spans=(),
        sentences=window.sentences,
        evidence=evidence,
        answerable=True,
        source=source,
        tasks=CHOICE_TASKS,
    )


def build_multispan(path: Path, seed: int) -> Iterator[Example]:
    """Questions with several answers in a passage, all of them marked."""
    rng = random.Random(seed)
    for row in json.loads(path.read_text(encoding="utf-8"))["data"]:
        text, ranges = detokenize(row["context"])
        spans = _bio(row["label"], ranges)
        if spans:
            yield _list(detokenize(row["question"])[0], sentences_of(text), spans, rng)


def _bio(labels: Sequence[str], ranges: Sequence[Range]) -> list[Range]:
    spans: list[Range] = []
    for mark, (start, end) in zip(labels, ranges, strict=True):
        if mark == "B":
            spans.append((start, end))
        elif mark == "I" and spans:
            spans[-1] = (spans[-1][0], end)
    return spans


def _list(question: str, text: Text, spans: Sequence[Range], rng: random.Random) -> Example:
    anchor = rng.choice(spans)
    window = window_around(text, *touching(text, anchor), draw_size(rng), rng)
    inside = [window.local(s) for s in spans if window.holds(s)] or [window.local(anchor)]
    return Example(
        question=question,
        context=window.text,
        spans=tuple(inside),
        sentences=window.sentences,
        evidence=tuple(any(s < b and a < e for a, b in inside) for s, e in window.sentences),
        answerable=True,
        source="multispanqa",
        tasks=ALL_BUT_YESNO,
    )
