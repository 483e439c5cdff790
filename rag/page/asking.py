"""What happens on the tab where questions are asked: events in, the parts of the page out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr

from rag.errors import CitableError
from rag.explained import Explained
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


def asking(engine: PageEngine) -> Callable[[str, Conversation], Iterator[Shown]]:
    """Answers the question in the box, as the next of its conversation."""

    def ask(question: str, conversation: Conversation) -> Iterator[Shown]:
        # Gradio streams what a generator function yields, and takes a returned generator whole.
        yield from _ask(engine, question, conversation, conversation.results)

    return ask


def asking_chosen(
    engine: PageEngine,
) -> Callable[[Conversation, gr.EventData], Iterator[tuple[str, *Shown]]]:
    """Asks a question of the page's own: they stand alone, so nothing before says how to read."""

    def ask(conversation: Conversation, event: gr.EventData) -> Iterator[tuple[str, *Shown]]:
        question = str(sent(event, "question"))
        for shown in _ask(engine, question, conversation, ()):
            yield (question, *shown)

    return ask


def _ask(
    engine: PageEngine,
    question: str,
    conversation: Conversation,
    history: Sequence[Answer | Abstention],
) -> Iterator[Shown]:
    # While a question is read, all before it are earlier ones.
    before = conversation.without_view()
    earlier = render_conversation(before, reading=True)
    yield before, earlier, render_searching(question), "", ""

    def answer(tell: Callable[[Sequence[Hit]], None]) -> Explained:
        return engine.explain(question, history=history, found=tell)

    try:
        for step in steps_of(answer):
            if isinstance(step, Done):
                view = explained_view(step.value)
            else:
                found = render_searching(question, render_found(step))
                yield before, earlier, found, "", ""
    except CitableError as error:
        yield shown(before, render_notice(str(error)))
        return
    # The first place is open at once.
    source = _source(engine, view, 0) if view.places else ""
    yield shown(before.with_view(view), render_result(view, 0), source, render_evidence(view))


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
