"""Windows that the reader takes for answers: which of them become examples."""

from __future__ import annotations

import random
from pathlib import Path

from rag.reader.trained import TrainedReader
from rag.training.data import written
from rag.training.mine import ANSWERING, OTHERS, OWN, SOURCE, chosen, mine_events
from rag.types import Passage, Source, Span

TOLD = """# Pool
Ida Roe runs the pool.
Bo Lind ran the baths until 2011.
Ann Oak sells tickets.
Per Alm mends the roof.
Eva Ek cuts the grass.
Kim Ray feeds the ducks.
? who_said | Who runs the pool? | 1:Ida Roe
? yes | Is the roof mended? | 4:mends

# Garage
Tom Hay runs the garage.
Sue Fox runs the shop beside it.
? none | Who owns the garage?
"""


def events(folder: Path) -> list[written.newsroom.Event]:
    (folder / "t.txt").write_text(TOLD, encoding="utf-8")
    return written.read_news(folder, written.LINES)


def passage(article: written.newsroom.Article, number: int) -> Passage:
    start, end = article.text.sentences[number]
    text = article.text.text[start:end]
    return Passage(Source(id=f"{article.id}.txt"), start, end, text, (Span(start, end),))


def test_a_few_of_each_kind_are_chosen_the_surest_first(tmp_path: Path) -> None:
    pool, garage = events(tmp_path)
    (own,), (other,) = pool.articles, garage.articles
    ranked = [(passage(own, n), own) for n in (5, 4, 3, 0, 2, 1)]
    ranked += [(passage(other, n), other) for n in (0, 1)]
    made = list(chosen(pool, pool.questions[0], ranked, random.Random(1)))
    wrong = [example.context for example in made if not example.answerable]
    right = [example for example in made if example.answerable]
    assert [one.split()[0] for one in wrong] == ["Kim", "Eva", "Per", "Tom"]
    assert len(wrong) == OWN + OTHERS
    assert [example.context[slice(*example.spans[0])] for example in right] == ["Ida Roe"]
    assert len(right) <= ANSWERING
    assert {example.source for example in made} == {SOURCE}


def test_the_reader_is_asked_as_the_product_asks_it(tmp_path: Path) -> None:
    both = events(tmp_path)
    rng = random.Random(1)
    reader = TrainedReader.load()
    made = list(mine_events(both, reader, 9, rng))
    assert {example.question for example in made} >= {"Who runs the pool?", "Who owns the garage?"}
    for example in made:
        if example.question == "Who owns the garage?":
            assert not example.answerable
    answered = [e for e in made if e.question == "Who runs the pool?" and e.answerable]
    assert [e.context[slice(*e.spans[0])] for e in answered] == ["Ida Roe"]
    assert len({e.question for e in mine_events(both, reader, 1, rng)}) == 1
