"""A conversation on the page: what is remembered, what is asked with it, what is taken along."""

from __future__ import annotations

import asyncio
import json
import re
from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Any

import pytest

from rag.export import to_bibtex, to_csl
from rag.line import Line
from rag.page import asking
from rag.page.downloads import downloads_of, render_downloads
from rag.page.render import EARLIER_SHOWN, render_conversation
from rag.page.view import KEPT_RESULTS, Conversation, view_of
from rag.results import Abstention
from tests.browser_support import (
    FOLLOW_UP,
    HOSTILE,
    PAYERS,
    QUESTION,
    REWRITTEN,
    FakeEngine,
    harbour,
)
from tests.fakes import Caller, every


def conversation(*questions: str) -> Conversation:
    talk = Conversation()
    for question in questions:
        talk = talk.with_view(view_of(harbour().ask(question)))
    return talk


def asked(engine: FakeEngine, question: str, talk: Conversation) -> tuple[Any, ...]:
    """What the page shows once the question has been read."""
    return every(asking.asking(engine, Line())(question, talk, Caller()))[-1]


def chosen(engine: FakeEngine, question: str, talk: Conversation) -> tuple[Any, ...]:
    event = asking.gr.EventData(None, {"question": question})
    return every(asking.asking_chosen(engine, Line())(talk, event, Caller()))[-1]


def test_a_question_is_read_with_the_results_before() -> None:
    engine = harbour()
    first, *_ = asked(engine, PAYERS, Conversation())
    second, talk, answer, source, _ = asked(engine, FOLLOW_UP, first)
    assert engine.histories == [(), (PAYERS,)]
    assert [result.question for result in second.results] == [PAYERS, FOLLOW_UP]
    assert 'class="earlier"' in talk
    assert " disabled" not in talk
    assert "Read as:" in answer
    assert "citable-quote" in source


def test_a_chosen_question_stands_alone_and_joins_the_conversation() -> None:
    engine = harbour()
    box, talk, *_ = chosen(engine, QUESTION, conversation(PAYERS))
    assert box == QUESTION
    assert engine.histories == [()]
    assert [result.question for result in talk.results] == [PAYERS, QUESTION]


def test_an_error_keeps_the_conversation_and_shows_no_answer() -> None:
    engine = harbour()
    before = conversation(PAYERS)
    after, _, answer, source, _ = asked(engine, " ", before)
    assert after == before.without_view()
    assert 'class="notice"' in answer
    assert source == ""
    assert asking.failed(before)[0] == before.without_view()


def test_while_a_question_is_read_all_before_it_are_earlier() -> None:
    steps = asking.asking(harbour(), Line())(QUESTION, conversation(PAYERS), Caller())
    reading, talk, answer, *_ = every(steps)[0]
    assert reading.earlier() == (PAYERS,)
    assert PAYERS in talk
    assert talk.count(" disabled") == talk.count("<button") == 2
    assert "Looking through the documents" in answer


def test_who_leaves_the_page_ends_what_was_asked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, ended = list[AsyncIterator[asking.Shown]](), list[str]()

    async def steps() -> AsyncIterator[asking.Shown]:
        try:
            yield asking.shown(Conversation(), "")
        finally:
            ended.append("asked")

    def ask(*_: object) -> AsyncIterator[asking.Shown]:
        # Held here, so that nothing but its closing ends it.
        kept.append(steps())
        return kept[-1]

    monkeypatch.setattr(asking, "_ask", ask)

    async def leave() -> None:
        event = asking.gr.EventData(None, {"question": QUESTION})
        for own in (
            asking.asking(harbour(), Line())(QUESTION, Conversation(), Caller()),
            asking.asking_chosen(harbour(), Line())(Conversation(), event, Caller()),
        ):
            before = len(ended)
            await anext(own)
            await own.aclose()  # type: ignore[attr-defined]
            assert len(ended) == before + 1

    asyncio.run(leave())


def test_a_new_conversation_is_empty() -> None:
    assert asking.renewed() == ("", Conversation(), "", "", "", "")


def test_only_the_latest_results_are_kept() -> None:
    questions = [f"Question {n}?" for n in range(KEPT_RESULTS + 2)]
    talk = conversation(*questions)
    assert [result.question for result in talk.results] == questions[2:]


def test_earlier_questions_stand_alone_and_once() -> None:
    talk = conversation(FOLLOW_UP, PAYERS, "Who won?", PAYERS, QUESTION)
    assert talk.earlier() == (REWRITTEN, "Who won?", PAYERS)
    assert conversation(PAYERS, QUESTION, PAYERS).earlier() == (QUESTION,)
    assert conversation(PAYERS).earlier() == ()


def test_the_list_of_earlier_questions_is_short_and_escaped() -> None:
    assert render_conversation(Conversation()) == ""
    only = render_conversation(conversation(PAYERS))
    assert 'class="renew"' in only
    assert 'class="earlier"' not in only
    many = render_conversation(conversation(*"abcdefg"))
    assert re.findall(r"<bdi>(\w)</bdi>", many) == list("abcdef")[-EARLIER_SHOWN:]
    hostile = render_conversation(conversation(HOSTILE, QUESTION))
    assert "<script" not in hostile
    assert "&lt;script&gt;" in hostile


def test_an_answer_is_taken_along_in_four_forms() -> None:
    answer = harbour().planted[PAYERS]
    saved = {download.file_name: download.text for download in downloads_of(answer)}
    assert saved["answer.md"] == answer.to_markdown()
    assert json.loads(saved["answer.json"]) == answer.to_json()
    assert json.loads(saved["sources.json"]) == to_csl(answer)
    assert saved["sources.bib"] == to_bibtex(answer)
    assert len(saved) == 4


def test_an_abstention_has_no_bibliography() -> None:
    refused = Abstention("Who won?", 0.1, "No.", ())
    assert [d.file_name for d in downloads_of(refused)] == ["answer.md", "answer.json"]


def test_links_hold_the_files_and_nothing_else() -> None:
    hostile = harbour().planted[HOSTILE]
    shown = render_downloads(hostile)
    links = re.findall(r'download="([\w.]+)"[^>]*href="data:[\w/.+-]+;charset=utf-8;base64,', shown)
    assert links == ["answer.md", "answer.json", "sources.json", "sources.bib"]
    texts = [b64decode(data).decode() for data in re.findall(r"base64,([A-Za-z0-9+/=]+)", shown)]
    assert texts == [download.text for download in downloads_of(hostile)]
    assert not set("`$\\{}@") & set(shown)
    assert "<script" not in shown


def test_half_a_character_in_a_question_can_be_saved() -> None:
    shown = render_downloads(Abstention("\ud800?", 0.1, "No.", ()))
    data = re.findall(r"base64,([A-Za-z0-9+/=]+)", shown)
    assert b64decode(data[0]).decode().startswith("**??**")
