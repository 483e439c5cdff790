"""What happens on the tab where questions are asked: events in, the parts of the page out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr
from anyio.to_thread import run_sync

from rag.errors import CitableError
from rag.explained import Explained
from rag.line import Line, client_of
from rag.page.evidence import render_evidence, render_found
from rag.page.render import (
    render_conversation,
    render_notice,
    render_searching,
    render_source,
)
from rag.page.result import render_result
from rag.page.steps import Done, steps_of
from rag.page.view import Conversation, PageEngine, View, explained_view
from rag.results import Abstention, Answer
from rag.types import Hit

# What an event fills: the conversation and its part of the page, the answer's, the source's and
# that of the passages below the answer.
Shown = tuple[Conversation, str, str, str, str]


def asking(
    engine: PageEngine, line: Line
) -> Callable[[str, Conversation, gr.Request], AsyncIterator[Shown]]:
    """Answers the question in the box, as the next of its conversation."""

    async def ask(
        question: str, conversation: Conversation, request: gr.Request
    ) -> AsyncIterator[Shown]:
        asked = _Asked(question, conversation, conversation.results, asker(request))
        async with aclosing(_ask(engine, line, asked)) as steps:
            async for shown in steps:
                yield shown

    return ask


def asking_chosen(
    engine: PageEngine, line: Line
) -> Callable[[Conversation, gr.EventData, gr.Request], AsyncIterator[tuple[str, *Shown]]]:
    """Asks a question of the page's own: they stand alone, so nothing before says how to read."""

    async def ask(
        conversation: Conversation, event: gr.EventData, request: gr.Request
    ) -> AsyncIterator[tuple[str, *Shown]]:
        asked = _Asked(str(sent(event, "question")), conversation, (), asker(request))
        async with aclosing(_ask(engine, line, asked)) as steps:
            async for shown in steps:
                yield (asked.question, *shown)

    return ask


def asker(request: gr.Request, door: str = "page") -> str:
    """Who has a turn in the line."""
    return client_of(door, request.client.host if request.client else None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, what it is read with, and who asks it."""

    question: str
    conversation: Conversation
    history: Sequence[Answer | Abstention]
    client: str


async def _ask(engine: PageEngine, line: Line, asked: _Asked) -> AsyncGenerator[Shown, None]:
    # While a question is read, all before it are earlier ones.
    question, before = asked.question, asked.conversation.without_view()
    earlier = render_conversation(before, reading=True)
    yield before, earlier, render_searching(question), "", ""

    # Told are the passages, and before them how many questions are to be answered first.
    async def answer(tell: Callable[[Sequence[Hit] | int], None]) -> Explained:
        work = partial(engine.explain, question, history=asked.history, found=tell)
        return await line.run(work, asked.client, waiting=tell)

    try:
        # Who leaves the page leaves the line.
        async with aclosing(steps_of(answer)) as steps:
            async for step in steps:
                if isinstance(step, Done):
                    view = explained_view(step.value)
                elif isinstance(step, int):
                    yield before, earlier, render_searching(question, before=step), "", ""
                else:
                    found = render_searching(question, render_found(step))
                    yield before, earlier, found, "", ""
    except CitableError as error:
        yield shown(before, render_notice(str(error)))
        return
    # The event loop serves everybody: what reads the index is done in a thread.
    yield await run_sync(_answered, engine, before, view)


def _answered(engine: PageEngine, before: Conversation, view: View) -> Shown:
    # The first place is open at once.
    source = _source(engine, view, 0) if view.places else ""
    return shown(before.with_view(view), render_result(view, 0), source, render_evidence(view))


def opening(engine: PageEngine) -> Callable[[Conversation, gr.EventData], tuple[Any, str]]:
    """Opens a place of the answer, or a passage below it, in its source."""

    def open_place(conversation: Conversation, event: gr.EventData) -> tuple[Any, str]:
        view = conversation.view
        if view is None:
            return gr.skip(), render_notice("This answer is no longer held here. Ask again.")
        selected = sent(event, "place")
        if type(selected) is not int or not 0 <= selected < len(view.every_place):
            return gr.skip(), render_notice("There is no such place in this answer. Ask again.")
        return render_result(view, selected), _source(engine, view, selected)

    return open_place


def renewed() -> tuple[str, *Shown]:
    """An empty question box, and a page as it was before the first question."""
    return ("", *shown(Conversation(), ""))


def failed(conversation: Conversation) -> Shown:
    """What an error that nobody foresaw leaves behind; its traceback is in the terminal."""
    message = "Something went wrong; the terminal says what. Ask again."
    return shown(conversation.without_view(), render_notice(message))


def shown(conversation: Conversation, answer: str, source: str = "", how: str = "") -> Shown:
    """What an event fills, with the conversation's part of the page."""
    return conversation, render_conversation(conversation), answer, source, how


def sent(event: gr.EventData, key: str) -> object:
    """What the page's script sent with an event; a browser may send anything or nothing."""
    return event._data.get(key, "") if isinstance(event._data, dict) else ""


def _source(engine: PageEngine, view: View, selected: int) -> str:
    place = view.every_place[selected]
    try:
        return render_source(engine.document(place.source.id), place)
    except CitableError as error:
        return render_notice(str(error))
