"""Windows that the reader itself takes for answers: the negatives that teach it the most.

The questions of the news, stories and documents that we may train on are asked over all of their
texts, as the product asks them; what is read is what the product reads.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rag.engine import READ_POOL, Engine
from rag.evaluation.newsroom import Article as Report
from rag.evaluation.newsroom import write_articles
from rag.reader import Reader
from rag.reader.trained import TrainedReader
from rag.training.clean import read_forbidden
from rag.training.data import newsroom, written
from rag.training.data.newsroom import TITLE_SHARE, Article, Event, Question
from rag.training.example import Example, write_examples
from rag.training.windows import Window
from rag.types import Passage

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
    trained = TrainedReader.load(reader)
    rng = random.Random(seed)
    forbidden = read_forbidden(data)
    found = (
        example
        for events in _sources(data)
        for example in mine_events(events, trained, limit, rng)
        if not forbidden.overlaps(example)
    )
    folder = out / "mix"
    folder.mkdir(parents=True, exist_ok=True)
    return write_examples(folder / f"{SOURCE}.jsonl", found)


def _sources(data: Path) -> Iterator[list[Event]]:
    yield written.read_news(written.FOLDER / "documents", written.LINES)
    yield newsroom.read_events(data / "newsroom/train")
    yield written.read_news(written.FOLDER / "news")
    yield written.read_news(written.FOLDER / "stories")


def mine_events(
    events: Sequence[Event],
    reader: Reader,
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
                read = reader.read(question.text, engine.search(question.text, READ_POOL))
                taken = {one.passage.id: one.passage for one in read if one.probability >= LEAST}
                passages = [(passage, articles[_id(passage)]) for passage in taken.values()]
                yield from chosen(event, question, passages, rng)


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
