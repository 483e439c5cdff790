"""The page's components and events, on Gradio."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

import gradio as gr

from rag.line import MOST_WAITING, Line
from rag.page.asking import asking, asking_chosen, failed, opening, renewed
from rag.page.catalogue import render_drop
from rag.page.corpus import CorpusTab
from rag.page.measured import render_quality_form
from rag.page.quality import (
    MOST_QUESTIONS,
    SAMPLE,
    SEED_SET,
    measuring,
    measuring_failed,
)
from rag.page.render import render_examples
from rag.page.uploads import Uploads
from rag.page.view import Conversation, PageEngine

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# Questions wait in the line that all doors share, not in Gradio's own, which tells nobody anything;
# measuring takes its turns there as well, and holds a thread.
ASKING: dict[str, Any] = {**QUIET, "concurrency_limit": None}
MEASURING: dict[str, Any] = {**QUIET, "concurrency_limit": 4}
# Events at once: all that may wait in the line, and those of who reads. Further ones wait in
# Gradio's queue, and beyond it the browser is told that the page is busy.
MOST_EVENTS, MOST_QUEUED = MOST_WAITING + 40, 1_000
# Conversations that are remembered, some 0.1 MB each; who asked longest ago is forgotten first.
MOST_SESSIONS = 500
# Files that a browser sent and that nobody took are cleared away: seconds between two looks, and
# their age.
CLEARED = (3_600, 3_600)


def asset(name: str) -> str:
    """The text of a style sheet or script that is stored beside this module."""
    return (files("rag.page") / name).read_text(encoding="utf-8")


def build_page(
    engine: PageEngine,
    examples: Sequence[str] = (),
    *,
    line: Line | None = None,
    writable: bool = False,
) -> gr.Blocks:
    """The page over `engine`; `examples` are questions that one click asks.

    Each loading of the page shows the examples as they are then, so that a list may be refined
    while it is served. Questions wait in the `line`. Where it is `writable`, documents can be added
    and removed.
    """
    line = line or Line()
    corpus = CorpusTab(engine, Uploads(engine) if writable else None)
    page: gr.Blocks = gr.Blocks(
        title="Citable", analytics_enabled=False, fill_width=True, delete_cache=CLEARED
    )
    with page:
        head = _html(corpus.head, "citable-header")
        with gr.Tabs(elem_id="citable-tabs"):
            with gr.Tab("Ask", id="ask"):
                _ask_tab(engine, line, examples)
            with gr.Tab("Documents", id="documents") as tab:
                _corpus_tab(corpus, head, tab, writable)
            with gr.Tab("Quality", id="quality"):
                _quality_tab(engine, line)
    page.max_threads = MOST_EVENTS
    page.state_session_capacity = MOST_SESSIONS
    page.queue(max_size=MOST_QUEUED)
    return page


def _ask_tab(engine: PageEngine, line: Line, examples: Sequence[str]) -> None:
    script = asset("page.js")
    conversation = gr.State(Conversation())
    with gr.Row(elem_id="citable-ask"):
        question = gr.Textbox(
            label="Your question",
            placeholder="Ask a question",
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
        with gr.Column(elem_id="citable-answer-column"):
            answer = _html("", "citable-answer", script)
            how = _html("", "citable-how", script)
        source = _html("", "citable-source", script)

    shown = [conversation, talk, answer, source, how]
    chosen = [question, *shown]
    asked = (
        question.submit(asking(engine, line), [question, conversation], shown, **ASKING),
        button.click(asking(engine, line), [question, conversation], shown, **ASKING),
        suggested.choose(asking_chosen(engine, line), [conversation], chosen, **ASKING),
        talk.choose(asking_chosen(engine, line), [conversation], chosen, **ASKING),
    )
    opened = (
        answer.cite(opening(engine), [conversation], [answer, source], **QUIET),
        how.cite(opening(engine), [conversation], [answer, source], **QUIET),
    )
    talk.renew(renewed, None, chosen, **QUIET)
    for event in (*asked, *opened):
        event.failure(failed, [conversation], shown, **QUIET)


def _corpus_tab(corpus: CorpusTab, head: gr.HTML, tab: gr.Tab, writable: bool) -> None:
    script = asset("corpus.js")
    drop = _html(render_drop(writable), "citable-drop", script)
    lot = _html("", "citable-lot")
    wanted = gr.Textbox(
        label="Find documents",
        placeholder="Find by title, publisher or date",
        lines=1,
        max_lines=1,
        container=False,
        elem_id="citable-find",
        html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
    )
    table = _html(corpus.table, "citable-documents", script)
    reading = _html("", "citable-reading", script)

    changed = [lot, table, head]
    changes = (
        drop.bring(corpus.bringing(), [wanted], changed, **QUIET),
        table.discard(corpus.discard, [wanted], changed, **QUIET),
    )
    for event in changes:
        event.failure(corpus.failed, [wanted], changed, **QUIET)
    wanted.change(corpus.table, [wanted], table, **QUIET)
    # Somebody else, or a program, may have changed the documents meanwhile.
    tab.select(corpus.table, [wanted], table, **QUIET)
    table.read(corpus.read, None, reading, **QUIET)
    reading.read(corpus.read, None, reading, **QUIET)
    reading.shut(lambda: "", None, reading, **QUIET)


def _quality_tab(engine: PageEngine, line: Line) -> None:
    form = render_quality_form(SAMPLE, MOST_QUESTIONS, SEED_SET.is_file())
    asked = _html(form, "citable-quality-form", asset("quality.js"))
    figures = _html("", "citable-quality")
    event = asked.measure(measuring(engine, line), None, figures, **MEASURING)
    event.failure(measuring_failed, None, figures, **QUIET)


def _html(value: str | Callable[[], str], elem_id: str, script: str | None = None) -> gr.HTML:
    # The default template puts the value into the page as it is: never write `{{value}}`, which
    # would have the browser read document text as a template.
    first = value if isinstance(value, str) else value()
    part = gr.HTML(first, elem_id=elem_id, js_on_load=script, apply_default_css=False)
    if not isinstance(value, str):
        # Given the function itself, Gradio would fade the part to a fifth while the page loads.
        gr.on(None, value, None, part, **QUIET)
    return part
