"""The page's components and events, on Gradio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from typing import Any

import gradio as gr

from rag.errors import CitableError
from rag.page.render import (
    render_conversation,
    render_examples,
    render_header,
    render_notice,
    render_searching,
    render_source,
)
from rag.page.result import render_result
from rag.page.view import Conversation, PageEngine, View, view_of
from rag.results import Abstention, Answer

# What an event fills: the conversation and its part of the page, the answer's and the source's.
Shown = tuple[Conversation, str, str, str]


def asset(name: str) -> str:
    """The text of a style sheet or script that is stored beside this module."""
    return (files("rag.page") / name).read_text(encoding="utf-8")


def build_page(engine: PageEngine, examples: Sequence[str] = ()) -> gr.Blocks:
    """The page over `engine`; `examples` are questions that one click asks.

    Each loading of the page shows the examples as they are then, so that a list may be refined
    while it is served.
    """
    script = asset("page.js")
    page: gr.Blocks = gr.Blocks(title="Citable", analytics_enabled=False, fill_width=True)
    with page:
        conversation = gr.State(Conversation())
        _html(render_header(engine.documents()), "citable-header")
        with gr.Row(elem_id="citable-ask"):
            question = gr.Textbox(
                label="Your question",
                placeholder="Ask the documents a question",
                lines=1,
                max_lines=1,
                autofocus=True,
                container=False,
                scale=1,
                elem_id="citable-question",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off", spellcheck=True),
            )
            button = gr.Button("Ask", variant="primary", scale=0, elem_id="citable-ask-button")
        suggested = _html(lambda: render_examples(examples), "citable-examples", script)
        talk = _html("", "citable-conversation", script)
        with gr.Row(elem_id="citable-result"):
            answer = _html("", "citable-answer", script)
            source = _html("", "citable-source", script)

        shown = [conversation, talk, answer, source]
        chosen = [question, *shown]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        asking = (
            question.submit(_asking(engine), [question, conversation], shown, **quiet),
            button.click(_asking(engine), [question, conversation], shown, **quiet),
            suggested.choose(_asking_chosen(engine), [conversation], chosen, **quiet),
            talk.choose(_asking_chosen(engine), [conversation], chosen, **quiet),
        )
        opening = answer.cite(_opening(engine), [conversation], [answer, source], **quiet)
        talk.renew(_renewed, None, chosen, **quiet)
        for event in (*asking, opening):
            event.failure(_failed, [conversation], shown, **quiet)
    return page


def _html(value: str | Callable[[], str], elem_id: str, script: str | None = None) -> gr.HTML:
    # The default template puts the value into the page as it is: never write `{{value}}`, which
    # would have the browser read document text as a template.
    return gr.HTML(value, elem_id=elem_id, js_on_load=script, apply_default_css=False)


def _asking(engine: PageEngine) -> Callable[[str, Conversation], Iterator[Shown]]:
    def ask(question: str, conversation: Conversation) -> Iterator[Shown]:
        # Gradio streams what a generator function yields, and takes a returned generator whole.
        yield from _ask(engine, question, conversation, conversation.results)

    return ask


def _asking_chosen(
    engine: PageEngine,
) -> Callable[[Conversation, gr.EventData], Iterator[tuple[str, *Shown]]]:
    """Asks a question of the page's own: they stand alone, so nothing before says how to read."""

    def ask(conversation: Conversation, event: gr.EventData) -> Iterator[tuple[str, *Shown]]:
        question = str(_sent(event, "question"))
        for shown in _ask(engine, question, conversation, ()):
            yield (question, *shown)

    return ask


def _ask(
    engine: PageEngine,
    question: str,
    conversation: Conversation,
    history: Sequence[Answer | Abstention],
) -> Iterator[Shown]:
    before = conversation.without_view()
    earlier = render_conversation(before, reading=True)
    yield before, earlier, render_searching(question), ""
    try:
        view = view_of(engine.ask(question, history=history))
    except CitableError as error:
        yield _shown(before, render_notice(str(error)))
        return
    # The first place is open at once.
    source = _source(engine, view, 0) if view.places else ""
    yield _shown(before.with_view(view), render_result(view, 0), source)


def _opening(engine: PageEngine) -> Callable[[Conversation, gr.EventData], tuple[Any, str]]:
    def open_place(conversation: Conversation, event: gr.EventData) -> tuple[Any, str]:
        view = conversation.view
        if view is None:
            return gr.skip(), render_notice("This answer is no longer held here. Ask again.")
        selected = _sent(event, "place")
        if type(selected) is not int or not 0 <= selected < len(view.places):
            return gr.skip(), render_notice("There is no such place in this answer. Ask again.")
        return render_result(view, selected), _source(engine, view, selected)

    return open_place


def _renewed() -> tuple[str, *Shown]:
    """An empty question box, and a page as it was before the first question."""
    return ("", *_shown(Conversation(), ""))


def _failed(conversation: Conversation) -> Shown:
    """What an error that nobody foresaw leaves behind; its traceback is in the terminal."""
    message = "Something went wrong; the terminal says what. Ask again."
    return _shown(conversation.without_view(), render_notice(message))


def _shown(conversation: Conversation, answer: str, source: str = "") -> Shown:
    return conversation, render_conversation(conversation), answer, source


def _source(engine: PageEngine, view: View, selected: int) -> str:
    place = view.places[selected]
    try:
        return render_source(engine.document(place.source.id), place)
    except CitableError as error:
        return render_notice(str(error))


def _sent(event: gr.EventData, key: str) -> object:
    """What the page's script sent with an event; a browser may send anything or nothing."""
    return event._data.get(key, "") if isinstance(event._data, dict) else ""
