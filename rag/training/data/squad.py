"""SQuAD-format files: SQuADShifts (every question answered) and SQuAD 2.0 (people-written none)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rag.evaluation.public.formats import SQUAD_ASIDE, Item, read_items
from rag.training.data.negatives import (
    answer_removed,
    entity_swapped,
    hardest,
    names_in,
    unanswerable,
)
from rag.training.example import ANSWERABLE, EVIDENCE, SPAN, TAG, Example
from rag.training.windows import (
    Text,
    Window,
    cut,
    draw_size,
    sentences_of,
    tile,
    touching,
    window_around,
)

# Made-up negatives beside each answerable question of a source that has none of its own.
OTHER_PARAGRAPH_SHARE = 0.35
REMOVED_SHARE = 0.25
SWAPPED_SHARE = 0.1
# The same, where people wrote unanswerable questions.
OTHER_PARAGRAPH_SHARE_SQUAD = 0.1
TITLE_SHARE = 0.4
# Paragraphs tried for a similar negative.
CANDIDATES = 60


def read_aside(path: Path) -> list[Item]:
    """The questions of the titles that are kept aside from training."""
    return [item for item in read_items(path) if item.title in SQUAD_ASIDE]


def _certain(items: Sequence[Item]) -> list[Item]:
    """Without the questions whose answer has no certain place in its paragraph."""
    return [item for item in items if item.spans or not item.answers]


def build_shifts(folder: Path, seed: int) -> Iterator[Example]:
    """SQuADShifts with made-up negatives."""
    for number, path in enumerate(sorted(folder.glob("*.json"))):
        rng = random.Random(seed + number)
        yield from _build(_certain(read_items(path)), "squadshifts", rng, OTHER_PARAGRAPH_SHARE)


def build_squad(path: Path, seed: int) -> Iterator[Example]:
    """SQuAD 2.0 training articles but the ones kept aside."""
    items = [item for item in _certain(read_items(path)) if item.title not in SQUAD_ASIDE]
    yield from _build(items, "squad", random.Random(seed), OTHER_PARAGRAPH_SHARE_SQUAD)


def build_squad_dev(path: Path, seed: int) -> Iterator[Example]:
    """The articles kept aside, whole paragraphs, as people asked about them."""
    rng = random.Random(seed)
    items = _certain(read_aside(path))
    for item in rng.sample(items, k=len(items)):
        text = sentences_of(item.paragraph)
        yield _example(item, cut(text, 0, len(text.sentences) - 1), "squad", all_spans=True)


def _build(
    items: Sequence[Item], source: str, rng: random.Random, other_share: float
) -> Iterator[Example]:
    paragraphs = sorted({item.paragraph for item in items})
    made_up = source == "squadshifts"
    names: list[str] = []
    for item in items:
        example = windowed(item, source, rng)
        if example is None:
            continue
        if rng.random() < TITLE_SHARE:
            example = replace(example, title=item.title)
        yield example
        names = [*names[-40:], *names_in(item.paragraph)]
        if example.answerable and rng.random() < other_share:
            yield _other_paragraph(item, paragraphs, source, rng)
        if made_up and rng.random() < REMOVED_SHARE:
            removed = answer_removed(example)
            if removed is not None:
                yield removed
        if made_up and rng.random() < SWAPPED_SHARE:
            swapped = entity_swapped(example, names, rng)
            if swapped is not None:
                yield swapped


def windowed(item: Item, source: str, rng: random.Random) -> Example | None:
    """The question on a part of its paragraph; None for a paragraph without a sentence."""
    text = sentences_of(item.paragraph)
    if not text.sentences:
        return None
    if not item.spans:
        window = rng.choice(hardest(item.question, tile(text, draw_size(rng)), 2))
        # An unanswerable question is tricky in its whole paragraph: mostly the best part of it.
        return unanswerable(item.question, Text(window.text, window.sentences), source)
    first, last = touching(text, item.spans[0])
    return _example(item, window_around(text, first, last, draw_size(rng), rng), source)


def _example(item: Item, window: Window, source: str, *, all_spans: bool = False) -> Example:
    if not item.spans:
        return unanswerable(item.question, Text(window.text, window.sentences), source)
    inside = [window.local(span) for span in item.spans if window.holds(span)]
    best = inside[0]
    return Example(
        question=item.question,
        context=window.text,
        spans=tuple(inside) if all_spans else (best,),
        sentences=window.sentences,
        evidence=tuple(s < best[1] and best[0] < e for s, e in window.sentences),
        answerable=True,
        source=source,
        tasks=(SPAN, TAG, EVIDENCE, ANSWERABLE),
    )


def _other_paragraph(
    item: Item, paragraphs: Sequence[str], source: str, rng: random.Random
) -> Example:
    others = rng.sample(paragraphs, k=min(CANDIDATES, len(paragraphs)))
    windows = [
        window
        for paragraph in others
        if paragraph != item.paragraph
        for window in tile(sentences_of(paragraph), draw_size(rng))
    ]
    window = hardest(item.question, windows, 1)[0]
    return unanswerable(item.question, Text(window.text, window.sentences), source)
