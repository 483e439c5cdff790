"""The page's components and events, on Gradio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from typing import Any

import gradio as gr

from rag.errors import CitableError
from rag.page.render import (
    render_examples,
    render_header,
    render_notice,
    render_result,
    render_searching,
    render_source,
)
from rag.page.view import PageEngine, View, view_of

# What an event fills: the view it leaves behind, the answer's part and the source's part.
Shown = tuple[View | None, str, str]


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
        view = gr.State(None)
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
        with gr.Row(elem_id="citable-result"):
            answer = _html("", "citable-answer", script)
            source = _html("", "citable-source", script)

        shown = [view, answer, source]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        events = (
            question.submit(_asking(engine), [question], shown, **quiet),
            button.click(_asking(engine), [question], shown, **quiet),
            suggested.example(_asking_example(engine), None, [question, *shown], **quiet),
            answer.cite(_opening(engine), [view], [answer, source], **quiet),
        )
        for event in events:
            event.failure(_failed, None, shown, **quiet)
    return page


def _html(value: str | Callable[[], str], elem_id: str, script: str | None = None) -> gr.HTML:
    # The default template puts the value into the page as it is: never write `{{value}}`, which
    # would have the browser read document text as a template.
    return gr.HTML(value, elem_id=elem_id, js_on_load=script, apply_default_css=False)


def _asking(engine: PageEngine) -> Callable[[str], Iterator[Shown]]:
    def ask(question: str) -> Iterator[Shown]:
        yield None, render_searching(question), ""
        try:
            yield _first(engine, view_of(engine.ask(question)))
        except CitableError as error:
            yield None, render_notice(str(error)), ""

    return ask


def _asking_example(
    engine: PageEngine,
) -> Callable[[gr.EventData], Iterator[tuple[str, View | None, str, str]]]:
    ask = _asking(engine)

    def ask_example(event: gr.EventData) -> Iterator[tuple[str, View | None, str, str]]:
        question = str(_sent(event, "question"))
        for shown in ask(question):
            yield (question, *shown)

    return ask_example


def _opening(engine: PageEngine) -> Callable[[View | None, gr.EventData], tuple[Any, str]]:
    def open_place(view: View | None, event: gr.EventData) -> tuple[Any, str]:
        if view is None:
            return gr.skip(), render_notice("This answer is no longer held here. Ask again.")
        selected = _sent(event, "place")
        if type(selected) is not int or not 0 <= selected < len(view.places):
            return gr.skip(), render_notice("There is no such place in this answer. Ask again.")
        return render_result(view, selected), _source(engine, view, selected)

    return open_place


def _failed() -> Shown:
    """What an error that nobody foresaw leaves behind; its traceback is in the terminal."""
    return None, render_notice("Something went wrong; the terminal says what. Ask again."), ""


def _first(engine: PageEngine, view: View) -> Shown:
    """The view with its first place open at once."""
    return view, render_result(view, 0), _source(engine, view, 0) if view.places else ""


def _source(engine: PageEngine, view: View, selected: int) -> str:
    place = view.places[selected]
    try:
        return render_source(engine.document(place.source.id), place)
    except CitableError as error:
        return render_notice(str(error))


def _sent(event: gr.EventData, key: str) -> object:
    """What the page's script sent with an event; a browser may send anything or nothing."""
    return event._data.get(key, "") if isinstance(event._data, dict) else ""
