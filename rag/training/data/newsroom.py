"""Newsroom events: every question with the windows of its event that answer it and hard others."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.training.data.negatives import (
    answer_removed,
    entity_swapped,
    hardest,
    names_in,
    unanswerable,
)
from rag.training.example import (
    ALL_BUT_YESNO,
    ANSWERABLE,
    EVIDENCE,
    YESNO,
    Example,
    Range,
)
from rag.training.windows import (
    Text,
    Window,
    draw_size,
    sentences_of,
    tile,
    touching,
    window_around,
)

SOURCE = "newsroom"
# Windows that answer, per question and pass; the articles of an event repeat each other.
MAX_POSITIVE = 4
# Windows of the same event that share the question's words but do not answer it.
SAME_EVENT_NEGATIVES = 1
NONE_NEGATIVES = 2
OTHER_EVENT_SHARE = 0.25
REMOVED_SHARE = 0.25
SWAPPED_SHARE = 0.08
# The product gives the document's title with a passage; both ways are taught.
TITLE_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Gold:
    """A quote that supports an answer and the answer inside it, as ranges of an article."""

    quote: Range
    span: Range


@dataclass(frozen=True, slots=True)
class Article:
    """An article with its sentences."""

    id: str
    title: str
    text: Text


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its evidence by article id; `yesno` is empty for other kinds."""

    text: str
    kind: str
    polarity: str
    yesno: str
    gold: dict[str, tuple[Gold, ...]]


@dataclass(frozen=True, slots=True)
class Event:
    """An event's articles and questions."""

    id: str
    articles: tuple[Article, ...]
    questions: tuple[Question, ...]


def read_events(folder: Path) -> list[Event]:
    """The events of a split's folder, in order of their file names."""
    return [
        _event(path.stem, json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.json"))
    ]


def _event(name: str, row: dict[str, Any]) -> Event:
    texts = {a["id"]: a["text"] for a in row["articles"]}
    articles = tuple(Article(a["id"], a["title"], sentences_of(a["text"])) for a in row["articles"])
    return Event(name, articles, tuple(_question(q, texts) for q in row["questions"]))


def _question(row: dict[str, Any], texts: dict[str, str]) -> Question:
    gold: dict[str, list[Gold]] = {}
    for answer in row["answers"]:
        for evidence in answer["evidence"]:
            start = texts[evidence["article"]].index(evidence["quote"])
            quote = (start, start + len(evidence["quote"]))
            inside = start + evidence["quote"].index(evidence["span"])
            span = (inside, inside + len(evidence["span"]))
            gold.setdefault(evidence["article"], []).append(Gold(quote, span))
    return Question(
        row["question"],
        row["kind"],
        row.get("polarity", ""),
        row.get("yesno", ""),
        {article: tuple(found) for article, found in gold.items()},
    )


def label(question: Question, article: Article, window: Window) -> Example | None:
    """The window as an example; None where it holds only part of a quote."""
    gold = question.gold.get(article.id, ())
    inside = [g for g in gold if window.holds(g.quote)]
    if len(inside) < sum(_touches(g.quote, window) for g in gold):
        return None
    if not inside:
        return _without_answer(question, window)
    quotes = [window.local(g.quote) for g in inside]
    return Example(
        question=question.text,
        context=window.text,
        spans=tuple(sorted({window.local(g.span) for g in inside})),
        sentences=window.sentences,
        evidence=tuple(
            any(s < end and start < e for start, end in quotes) for s, e in window.sentences
        ),
        answerable=True,
        source=SOURCE,
        tasks=(*ALL_BUT_YESNO, YESNO) if question.yesno else ALL_BUT_YESNO,
        yesno=question.yesno,
    )


def _without_answer(question: Question, window: Window) -> Example:
    """No answer here; where none is anywhere, a yes-no question is known to be unclear."""
    example = unanswerable(question.text, Text(window.text, window.sentences), SOURCE)
    if question.yesno and not question.gold:
        return replace(example, tasks=(EVIDENCE, ANSWERABLE, YESNO), yesno=question.yesno)
    return example


def _touches(span: Range, window: Window) -> bool:
    return span[0] < window.end and window.start < span[1]


def build(folder: Path, passes: int, seed: int) -> Iterator[Example]:
    """Examples of a split's folder."""
    return build_events(read_events(folder), passes, seed, SOURCE)


def build_events(events: Sequence[Event], passes: int, seed: int, source: str) -> Iterator[Example]:
    """Examples of events; each pass cuts other windows and draws other negatives."""
    rng = random.Random(seed)
    windows = {
        e.id: [(a, w) for a in e.articles for w in tile(a.text, draw_size(rng))] for e in events
    }
    names = [a.title for e in events for a in e.articles]
    for _ in range(passes):
        for event in events:
            for question in event.questions:
                for example in _of_question(event, question, windows, names, rng):
                    yield replace(example, source=source)


def _of_question(
    event: Event,
    question: Question,
    windows: dict[str, list[tuple[Article, Window]]],
    names: Sequence[str],
    rng: random.Random,
) -> Iterator[Example]:
    positives = _positives(event, question, rng)
    for article, example in positives:
        yield _titled(example, article.title, rng)
        if rng.random() < REMOVED_SHARE and question.kind not in ("list", "yesno"):
            removed = answer_removed(example)
            if removed is not None:
                yield _titled(removed, article.title, rng)
        if rng.random() < SWAPPED_SHARE:
            swapped = entity_swapped(example, _names(names, rng), rng)
            if swapped is not None:
                yield _titled(swapped, article.title, rng)
    yield from _negatives(event, question, windows, rng)


def _positives(
    event: Event, question: Question, rng: random.Random
) -> list[tuple[Article, Example]]:
    found = []
    for article in event.articles:
        covered: list[Window] = []
        here = question.gold.get(article.id, ())
        for gold in rng.sample(here, k=len(here)):
            if any(window.holds(gold.quote) for window in covered):
                continue
            first, last = touching(article.text, gold.quote)
            window = window_around(article.text, first, last, draw_size(rng), rng)
            example = label(question, article, window)
            if example is not None:
                covered.append(window)
                found.append((article, example))
    return rng.sample(found, k=min(MAX_POSITIVE, len(found)))


def _negatives(
    event: Event,
    question: Question,
    windows: dict[str, list[tuple[Article, Window]]],
    rng: random.Random,
) -> Iterator[Example]:
    same = []
    for article in event.articles:
        for window in tile(article.text, draw_size(rng)):
            example = label(question, article, window)
            if example is not None and not example.answerable:
                same.append((article, window, example))
    count = SAME_EVENT_NEGATIVES if question.gold else NONE_NEGATIVES
    by_window = {id(w): (a, example) for a, w, example in same}
    # Twice as many of the hardest, then a draw, so that passes differ.
    hard = hardest(question.text, [w for _, w, _ in same], count * 2)
    for window in rng.sample(hard, k=min(count, len(hard))):
        article, example = by_window[id(window)]
        yield _titled(example, article.title, rng)
    if rng.random() < OTHER_EVENT_SHARE:
        other = rng.choice([key for key in windows if key != event.id])
        article, window = rng.choice(windows[other])
        text = Text(window.text, window.sentences)
        yield _titled(unanswerable(question.text, text, SOURCE), article.title, rng)


def _titled(example: Example, title: str, rng: random.Random) -> Example:
    return titled(example, title) if rng.random() < TITLE_SHARE else example


def titled(example: Example, title: str) -> Example:
    """The same example in a document of this title."""
    return replace(example, title=title)


def _names(titles: Sequence[str], rng: random.Random) -> list[str]:
    return [n for title in rng.sample(titles, k=min(8, len(titles))) for n in names_in(title)]
