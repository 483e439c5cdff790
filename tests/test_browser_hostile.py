"""Hostile text in every place where the page shows text: it is shown as text, and runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from rag.doors.guard import Access
from rag.engine import Listed
from rag.evaluation.questions import GoldAnswer, GoldQuestion, GoldSpan
from rag.evaluation.reporting import Contents
from rag.evaluation.run import evaluate
from rag.page import layout
from rag.page.catalogue import render_lot, render_progress
from rag.page.evidence import render_found
from rag.page.measured import render_asked, render_contents
from rag.page.render import render_notice, render_searching
from rag.page.uploads import Outcome
from rag.serving import start
from rag.types import Source
from tests.browser_actions import all_texts, click, opened, put_question, show_tab, wait
from tests.browser_support import FakeEngine, chromium, missing_browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(missing_browser()), reason=missing_browser()),
]

# Each would set `pwned`, add an element or leave its place, were it read as more than text.
PAYLOADS = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg onload=window.pwned=1><rect></svg>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<a href=javascript:window.pwned=1>press</a>",
    "<details open ontoggle=window.pwned=1>x</details>",
    "<input autofocus onfocus=window.pwned=1>",
    "<style>body{display:none}</style>",
    "<base href=http://192.0.2.1/>",
    "<meta http-equiv=refresh content=0;url=http://192.0.2.1/>",
    "<form action=http://192.0.2.1/><button>go</button></form>",
    "</bdi></span></li></section><img src=x onerror=window.pwned=1>",
    '" onmouseover="window.pwned=1" x="',
    "' autofocus onfocus='window.pwned=1",
    "${window.pwned=1}`${window.pwned=1}",
    "{{#with (constructor)}}{{/with}}{{{value}}}",
    "@children @children",
    "&lt;script&gt;window.pwned=1&lt;/script&gt; &#60;b&#62;",
    "<!-- --><!--><img src=x onerror=window.pwned=1>-->",
    "<![CDATA[<script>window.pwned=1</script>]]>",
    "**bold** [press](javascript:window.pwned=1) ![x](http://192.0.2.1/x.png)",
    "[1] [2][3] according to [99]",
    "\u202egnp.exe\u202c \u2066turned\u2069 \u200bnothing",
    "bell \x07 escape \x1b[31m null \x00 back \x08",
    "half \ud83d a pair",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=1>",
)
# Where payloads are put, these are the only elements that the page itself makes.
FOREIGN = "script, style, img, iframe, base, meta, form, a[href^=javascript], math, rect, input"
FOUND = """
const parts = [...document.querySelectorAll('#citable-tabs .html-container')];
const foreign = parts.flatMap((part) => [...part.querySelectorAll(arguments[0])])
  .filter((one) => !one.closest('.drop, .quality-form, .plots'));
const told = parts.flatMap((part) => [...part.querySelectorAll('*')])
  .filter((one) => [...one.attributes].some((a) => a.name.startsWith('on')));
return [window.pwned ?? null, foreign.length, told.length, document.title];
"""


def seen(text: str) -> str:
    """The text as the page shows it: what cannot be seen has a picture."""
    shown = (
        chr(0x2400 + ord(c)) if c < " " else "\ufffd" if "\ud800" <= c < "\ue000" else c
        for c in text
    )
    return "".join(shown)


def hostile_engine() -> FakeEngine:
    """For each payload a document whose every field it is, and an answer in its words."""
    engine = FakeEngine()
    for number, payload in enumerate(PAYLOADS):
        id_ = f"{number:02} {payload}.txt"
        engine.add(Source(id_, payload, payload, payload, payload), f"{payload}\nsays: {payload}.")
        claim = engine.claim(payload, (id_, f"says: {payload}.", payload))
        undecided = engine.claim(payload, (id_, payload, payload))
        # An example asks for what is seen of it.
        for question in {payload, seen(payload)}:
            engine.plant(
                question,
                replace(claim, context=payload),
                undecided=(undecided,),
                rewritten=payload,
                notes=(payload,),
            )
    return engine


class Listing(FakeEngine):
    def catalogue(self) -> list[Listed]:
        copies = tuple(f"{payload}.md" for payload in PAYLOADS[:3])
        return [Listed(one, Path(f"/x/{n}"), 1, copies) for n, one in enumerate(self.documents())]


@pytest.fixture(scope="module")
def page() -> Iterator[WebDriver]:
    engine = hostile_engine()
    listing = Listing(engine.texts, engine.planted)
    server = start(listing, list(PAYLOADS), Access(port=0))
    with chromium() as driver:
        yield opened(driver, f"{server.address}/")
    server.close()


def assert_harmless(page: WebDriver) -> None:
    assert page.execute_script(FOUND, FOREIGN) == [None, 0, 0, "Citable"]


def test_there_are_enough_payloads() -> None:
    assert len(PAYLOADS) >= 20


def test_examples_questions_answers_and_sources(page: WebDriver) -> None:
    assert all_texts(page, ".example") == [seen(payload).strip() for payload in PAYLOADS]
    for number, payload in enumerate(PAYLOADS):
        # An unpaired half does not pass the browser's own form; the example asks it.
        put_question(page, payload) if payload.isprintable() else click(page, ".example", number)
        shown = " ".join(seen(payload).split())
        wait(page, lambda: all_texts(page, ".asked") == [shown] and all_texts(page, ".claim"))  # noqa: B023
        claims = page.execute_script(
            "return [...document.querySelectorAll('.claim-text')].map((e) => e.textContent)"
        )
        assert claims == [seen(payload)] * 2
        wait(page, lambda: page.find_elements(By.CSS_SELECTOR, ".source-header h2 bdi"))
        page.execute_script("document.querySelector('.evidence').open = true")
        assert page.execute_script(
            "return document.querySelector('.source-header h2 bdi').textContent"
        ) == seen(payload)
        assert_harmless(page)


def test_the_table_of_documents_and_a_document(page: WebDriver) -> None:
    show_tab(page, "Documents", ".catalogue")
    titles = page.execute_script(
        "return [...document.querySelectorAll('.catalogue .open')].map((e) => e.textContent)"
    )
    assert titles == [seen(payload) for payload in PAYLOADS]
    assert_harmless(page)
    for number in (0, 1, 14, 22, 23, 24):
        click(page, ".catalogue .open", number)
        wait(page, lambda: page.find_elements(By.CSS_SELECTOR, ".reading"))
        text = page.execute_script(
            "return document.querySelector('.reading .source-text').textContent"
        )
        payload = seen(PAYLOADS[number])
        assert text == f"{payload}\nsays: {payload}."
        assert_harmless(page)
        click(page, ".shut")
        wait(page, lambda: not page.find_elements(By.CSS_SELECTOR, ".reading"))


def test_what_other_parts_say_of_files_errors_and_figures(page: WebDriver) -> None:
    """What needs a broken file or an error to be seen is put where the page would put it."""
    engine = hostile_engine()
    every = "\n".join(PAYLOADS)
    hits = engine.explain(PAYLOADS[0]).hits
    parts = (
        render_lot([Outcome(payload, "refused", payload) for payload in PAYLOADS]),
        render_progress(PAYLOADS, "Reading and encoding", 3, len(PAYLOADS)),
        render_notice(every),
        render_searching(every, render_found(hits)),
        render_asked(every, 1, 2),
        render_contents(hostile_report()),
    )
    for part in parts:
        page.execute_script(
            "document.querySelector('#citable-lot .html-container, #citable-lot').innerHTML = "
            "arguments[0]",
            part,
        )
        assert_harmless(page)


def hostile_report() -> Contents:
    """A report of wrong answers whose every text is hostile."""
    engine = hostile_engine()
    questions = []
    for number, payload in enumerate(PAYLOADS):
        id_ = f"{number:02} {payload}.txt"
        gold = GoldSpan(id_, 0, len(payload), payload)
        answer = GoldAnswer(f"not {payload}", (payload + "!",), (gold,))
        questions.append(GoldQuestion(f"q{number}", "dev", payload, "fact", (answer,)))
    return Contents(PAYLOADS[1], evaluate(engine, questions))


def test_no_component_reads_its_value_as_a_template() -> None:
    source = Path(layout.__file__).read_text(encoding="utf-8")
    assert "html_template" not in source
