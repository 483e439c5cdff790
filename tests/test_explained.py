"""What a result was made from: told while it is made, and shown with reasons afterwards."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import aclosing

from rag.answers import AnswerBuilder
from rag.engine import READ_POOL, Engine
from rag.explained import NotingReader
from rag.page.evidence import excerpt, render_evidence, render_found, why
from rag.page.steps import Done, steps_of
from rag.page.view import explained_view
from rag.results import Abstention, Answer
from rag.types import Hit
from tests.fakes import every
from tests.planted import Corpus


def test_the_result_is_the_one_of_ask_and_the_passages_come_first(engine: Engine) -> None:
    told: list[Hit] = []
    question = "When did the library in Mora open?"
    explained = engine.explain(question, found=told.extend)
    assert explained.result == engine.ask(question)
    assert tuple(told) == explained.hits
    assert 0 < len(told) <= READ_POOL
    best = max(explained.reader_score(hit) or 0.0 for hit in explained.hits)
    assert best == explained.evidence[0].probability == explained.result.confidence


def test_every_passage_has_its_scores_and_a_reason(engine: Engine) -> None:
    explained = engine.explain("The library in Mora opened in 1998")
    assert isinstance(explained.result, Answer)
    reasons = {hit.passage.source.id: why(explained, hit) for hit in explained.hits}
    assert reasons["library.md"] == "Used: quoted in [1]."
    assert all(
        reason.startswith("Not used: ") for id_, reason in reasons.items() if "lib" not in id_
    )
    view = explained_view(explained)
    shown = render_evidence(view)
    places = re.findall(r'data-place="(\d+)"', shown)
    assert places == [str(n) for n in range(len(view.places), len(view.every_place))]
    assert shown.count("<dd>") == 3 * len(explained.hits)


def test_a_refusal_says_how_far_the_best_was(engine: Engine) -> None:
    explained = engine.explain("Who invented the telephone?")
    assert isinstance(explained.result, Abstention)
    for hit in explained.hits:
        assert re.fullmatch(
            r"Not used: its best sentence reaches \d+%; 46% is needed\.", why(explained, hit)
        )


def test_evidence_of_another_side_is_no_reason() -> None:
    corpus = Corpus({"a": "Norway signed the pact.", "b": "Peru refused to sign."})
    corpus.planted = [
        corpus.evidence(("a", "Norway signed the pact.", "Norway", 0.6)),
        corpus.evidence(("b", "Peru refused to sign.", "Peru", 0.9)),
    ]
    question, hits, reader = "Which countries signed the pact?", corpus.hits(), NotingReader(corpus)
    result = AnswerBuilder(reader, corpus.documents.__getitem__).build(question, hits)
    explained = reader.explain(question, hits, result)
    assert [one.probability for one in explained.evidence] == [0.6]
    assert [why(explained, hit) for hit in hits] == [
        "Used: quoted in [1].",
        "Not used: nothing in it seems to answer.",
    ]


def test_without_passages_nothing_is_shown(engine: Engine) -> None:
    assert render_found(()) == ""
    assert render_evidence(explained_view(engine.explain("zzz qqq"))) != ""
    assert excerpt("word " * 100, 12) == "word word…"


def test_steps_are_told_and_the_last_is_the_result() -> None:
    async def work(tell: Callable[[str], None]) -> int:
        tell("half")
        await asyncio.sleep(0)
        return 7

    assert every(steps_of(work)) in (["half", Done(7)], [Done(7)])


def test_work_that_nobody_waits_for_is_cancelled() -> None:
    ended: list[str] = []

    async def work(tell: Callable[[str], None]) -> int:
        tell("begun")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        return 7

    async def leave() -> None:
        async with aclosing(steps_of(work)) as steps:
            assert await anext(steps) == "begun"
        await asyncio.sleep(0)

    asyncio.run(leave())
    assert ended == ["cancelled"]


def test_the_catalogue_knows_files_passages_and_copies(engine: Engine) -> None:
    listed = {one.source.id: one for one in engine.catalogue()}
    assert [one.passages for one in listed.values()] == [1, 1, 1]
    assert listed["bridge.txt"].copies == ()
    assert listed["bridge.txt"].path.name == "bridge.txt"
