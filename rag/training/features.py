"""Examples as tensors: token ids, and a target for each head."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from rag.reader.tokens import PairTokens, Window
from rag.training.example import (
    ANSWERABLE,
    EVIDENCE,
    SPAN,
    TAG,
    YESNO,
    YESNO_LABELS,
    Example,
    Range,
)

# Examples whose lengths are sorted together: batches waste little padding and stay mixed.
POOL_BATCHES = 24
# Target of a head that an example does not teach.
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Feature:
    """An example's window with targets as indexes of its ids.

    `sentence_of` numbers the sentence of each passage token (UNKNOWN outside of all).
    """

    example: Example
    window: Window
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentence_of: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.window.ids)


def encode(pairs: PairTokens, example: Example) -> Feature | None:
    """The first window of an example; None where that window does not hold its answer."""
    window = pairs.windows(example.question, [example.context], [example.title])[0][0]
    starts, ends = [], []
    for span in example.spans:
        tokens = tokens_of(window, span)
        if tokens is not None:
            starts.append(window.first + tokens[0])
            ends.append(window.first + tokens[1])
    if example.answerable and SPAN in example.tasks and not starts:
        return None
    if not window.offsets:
        return None
    sentence_of = tuple(_sentence(example.sentences, offset) for offset in window.offsets)
    return Feature(example, window, tuple(starts), tuple(ends), sentence_of)


def tokens_of(window: Window, span: Range) -> tuple[int, int] | None:
    """First and last passage token that overlap a range; None where it is not all inside."""
    inside = [i for i, (s, e) in enumerate(window.offsets) if s < span[1] and span[0] < e]
    if not inside or window.offsets[inside[-1]][1] < span[1]:
        return None
    return inside[0], inside[-1]


def _sentence(sentences: Sequence[Range], offset: Range) -> int:
    for number, (start, end) in enumerate(sentences):
        if start <= offset[0] < end:
            return number
    return UNKNOWN


@dataclass(frozen=True, slots=True)
class Batch:
    """B rows of T tokens and at most S sentences.

    `starts`, `ends`, `tags` (B, T) are 0 or 1; `context` (B, T) marks passage tokens;
    `sentence_of` (B, T) is UNKNOWN outside of sentences; `evidence` (B, S) is 0, 1 or UNKNOWN;
    `answerable`, `yesno` (B) are UNKNOWN where not taught; `spans`, `tagged` (B) are 0 or 1.
    """

    ids: torch.Tensor
    attention: torch.Tensor
    segments: torch.Tensor
    context: torch.Tensor
    starts: torch.Tensor
    ends: torch.Tensor
    tags: torch.Tensor
    spans: torch.Tensor
    tagged: torch.Tensor
    sentence_of: torch.Tensor
    evidence: torch.Tensor
    answerable: torch.Tensor
    yesno: torch.Tensor
    weight: torch.Tensor

    def to(self, device: torch.device) -> Batch:
        """The same batch on another device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))


def collate(features: Sequence[Feature], pad: int) -> Batch:
    """Pad features to the longest and write their targets."""
    rows, length = len(features), max(len(f) for f in features)
    count = max(1, max(len(f.example.sentences) for f in features))
    ids = torch.full((rows, length), pad)
    flags = {
        name: torch.zeros(rows, length)
        for name in ("attention", "segments", "context", "starts", "ends", "tags")
    }
    sentence_of = torch.full((rows, length), UNKNOWN)
    evidence = torch.full((rows, count), float(UNKNOWN))
    for row, feature in enumerate(features):
        window, example = feature.window, feature.example
        first, last = window.first, window.first + len(window.offsets)
        ids[row, : len(feature)] = torch.tensor(window.ids)
        flags["attention"][row, : len(feature)] = 1
        flags["segments"][row, window.second : len(feature)] = 1
        flags["context"][row, first:last] = 1
        sentence_of[row, first:last] = torch.tensor(feature.sentence_of)
        for start, end in zip(feature.starts, feature.ends, strict=True):
            flags["starts"][row, start] = flags["ends"][row, end] = 1
            flags["tags"][row, start : end + 1] = 1
        if not feature.starts:
            flags["starts"][row, 0] = flags["ends"][row, 0] = 1
        if EVIDENCE in example.tasks:
            for number in set(feature.sentence_of) - {UNKNOWN}:
                evidence[row, number] = float(example.evidence[number])
    examples = [f.example for f in features]
    return Batch(
        ids=ids,
        attention=flags["attention"].long(),
        segments=flags["segments"].long(),
        context=flags["context"],
        starts=flags["starts"],
        ends=flags["ends"],
        tags=flags["tags"],
        spans=torch.tensor([float(SPAN in e.tasks) for e in examples]),
        tagged=torch.tensor([float(TAG in e.tasks) for e in examples]),
        sentence_of=sentence_of,
        evidence=evidence,
        answerable=torch.tensor(
            [float(e.answerable) if ANSWERABLE in e.tasks else float(UNKNOWN) for e in examples]
        ),
        yesno=torch.tensor(
            [YESNO_LABELS.index(e.yesno) if YESNO in e.tasks else UNKNOWN for e in examples]
        ),
        weight=torch.tensor([e.weight for e in examples]),
    )


def batches(features: Sequence[Feature], size: int, seed: int) -> Iterator[list[Feature]]:
    """Batches in an order that depends on the seed only, lengths sorted within pools."""
    rng = random.Random(seed)
    order = rng.sample(range(len(features)), k=len(features))
    for start in range(0, len(order), size * POOL_BATCHES):
        pool = sorted(order[start : start + size * POOL_BATCHES], key=lambda i: len(features[i]))
        rows = [pool[i : i + size] for i in range(0, len(pool), size)]
        for row in rng.sample(rows, k=len(rows)):
            yield [features[i] for i in row]
