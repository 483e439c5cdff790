"""Windows that the reader itself takes for answers: the negatives that teach it the most.

Every question of the news and documents that we may train on is asked over all of their texts, as
the product asks it; what is read is what the product reads.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from rag.engine import READ_POOL, Engine
from rag.evaluation.newsroom import Article as Report
from rag.evaluation.newsroom import write_articles
from rag.reader.first_pass import shortened
from rag.reader.model import PassageReader, ReaderModel
from rag.reader.trained import Fit, candidates, form_of, load_calibration
from rag.training.clean import read_forbidden
from rag.training.data import newsroom, written
from rag.training.data.newsroom import TITLE_SHARE, Article, Event, Question
from rag.training.example import Example, write_examples
from rag.training.windows import Window
from rag.types import Hit, Passage

SOURCE = "mined"
# Of a question: windows that answer it, and wrong ones of its own event and of others. Gold
# evidence is complete within an event; another may answer as well ("Who chaired the meeting?").
ANSWERING, OWN, OTHERS = 2, 3, 1
# A window that is less probable than this teaches nothing that the reader does not know.
LEAST = 0.02


def mine(data: Path, out: Path, reader: Path, limit: int, seed: int) -> int:
    """Write `OUT/mix/mined.jsonl` and return how many examples; `limit` questions of each source.

    Examples that overlap a test set are left out.
    """
    model, fits = ReaderModel(reader), load_calibration(reader)
    rng = random.Random(seed)
    forbidden = read_forbidden(data)
    found = (
        example
        for events in _sources(data)
        for example in mine_events(events, model, fits, limit, rng)
        if not forbidden.overlaps(example)
    )
    folder = out / "mix"
    folder.mkdir(parents=True, exist_ok=True)
    return write_examples(folder / f"{SOURCE}.jsonl", found)


def _sources(data: Path) -> Iterator[list[Event]]:
    yield written.read_news(written.FOLDER / "documents", written.LINES)
    yield newsroom.read_events(data / "newsroom/train")
    yield written.read_news(written.FOLDER / "news")


def mine_events(
    events: Sequence[Event],
    model: PassageReader,
    fits: Mapping[str, Fit],
    limit: int,
    rng: random.Random,
) -> Iterator[Example]:
    """Examples of the events' questions over all their articles, at most `limit` questions."""
    articles = {article.id: article for event in events for article in event.articles}
    asked = [(event, question) for event in events for question in event.questions]
    if limit < len(asked):
        asked = rng.sample(asked, k=limit)
    with tempfile.TemporaryDirectory() as place:
        corpus = Path(place, "corpus")
        reports = [Report(a.id, a.text.text, a.title, "", "") for a in articles.values()]
        write_articles(reports, corpus)
        with Engine.build(corpus, index=Path(place, "index")) as engine:
            for event, question in asked:
                hits = shortened(question.text, engine.search(question.text, READ_POOL))
                fit = fits[form_of(question.text)]
                passages = taken_for_answers(model, fit, question.text, hits)
                yield from chosen(event, question, [(p, articles[_id(p)]) for p in passages], rng)


def taken_for_answers(
    model: PassageReader, fit: Fit, question: str, hits: Sequence[Hit]
) -> list[Passage]:
    """The passages that the reader sees an answer in, the surest first."""
    best: dict[str, float] = {}
    for one in candidates(model, question, hits):
        sure = float(fit.probabilities(np.array([one.features]))[0])
        best[one.passage.id] = max(sure, best.get(one.passage.id, 0.0))
    seen = [hit.passage for hit in hits if best.get(hit.passage.id, 0.0) >= LEAST]
    return sorted(seen, key=lambda passage: -best[passage.id])


def chosen(
    event: Event,
    question: Question,
    passages: Sequence[tuple[Passage, Article]],
    rng: random.Random,
) -> Iterator[Example]:
    """The first of the passages that answer and that do not, as examples."""
    left = {"answers": ANSWERING, "own": OWN, "others": OTHERS}
    for passage, article in passages:
        example = newsroom.label(question, article, _window(passage))
        if example is None:
            continue
        own = "own" if article in event.articles else "others"
        kind = "answers" if example.answerable else own
        if left[kind]:
            left[kind] -= 1
            title = article.title if rng.random() < TITLE_SHARE else ""
            yield replace(example, source=SOURCE, title=title)


def _window(passage: Passage) -> Window:
    local = tuple((s.start - passage.start, s.end - passage.start) for s in passage.sentences)
    return Window(passage.text, passage.start, 0, len(local) - 1, local)


def _id(passage: Passage) -> str:
    return passage.source.id.removesuffix(".txt")
