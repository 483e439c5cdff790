"""A headless Chromium and a small corpus for the tests that look at the page."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver

from rag.engine import Listed
from rag.errors import QuestionError, UnknownDocumentError
from rag.explained import Explained
from rag.results import Abstention, Answer, Claim
from rag.types import Citation, Document, Hit, IndexReport, Passage, QuestionType, Source, Span

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
CHROMEDRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
HOSTILE = (
    "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>${window.pwned=3}`"
    "{{constructor}}@children&amp;__i18n__\u202e\x1b[1]"
)


def missing_browser() -> str:
    """Why browser tests cannot run here, or an empty string."""
    wanted = {"chromium": CHROMIUM, "chromedriver": CHROMEDRIVER}
    missing = [name for name, path in wanted.items() if path is None]
    return f"not installed: {', '.join(missing)}" if missing else ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def chromium(*, width: int = 1280, height: int = 860, dark: bool = False) -> Iterator[WebDriver]:
    """A browser window whose page has exactly the given size and records its requests."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    service = webdriver.ChromeService(executable_path=CHROMEDRIVER)
    driver = webdriver.Chrome(options=options, service=service)
    try:
        # Set through the protocol: a window narrower than 500 px cannot be had otherwise.
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
        yield driver
    finally:
        driver.quit()


def requested_urls(driver: WebDriver) -> list[str]:
    """Every address that the page asked for since the last call, also those that were refused."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    return [
        message["params"].get("request", message["params"]).get("url", "")
        for message in messages
        if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated")
    ]


@dataclass
class FakeEngine:
    """Answers planted questions over documents held in memory; anything else is refused."""

    texts: dict[str, Document] = field(default_factory=dict)
    planted: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    histories: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, source: Source, text: str, *furniture: str) -> None:
        spans = tuple(span_of(text, part) for part in furniture)
        self.texts[source.id] = Document(source, text, spans)

    def plant(self, question: str, *claims: Claim, confidence: float = 0.93, **more: Any) -> Answer:
        """Plant an answer; `more` are the further fields of `Answer`."""
        self.planted[question] = Answer(question, claims, confidence, **more)
        return self.planted[question]

    def claim(self, text: str, *evidence: tuple[str, str, str]) -> Claim:
        """A claim with (document id, quote, answer) for each citation."""
        citations, answers = [], []
        for document_id, quote, answer in evidence:
            document = self.texts[document_id]
            span = span_of(document.text, quote)
            start = document.text.index(answer, span.start)
            citations.append(Citation.of(document, span))
            answers.append(Span(start, start + len(answer)))
        return Claim(text, tuple(citations), tuple(answers), 0.9)

    def ask(
        self, question: str, *, history: Sequence[Answer | Abstention] = ()
    ) -> Answer | Abstention:
        self.asked.append(question)
        self.histories.append(tuple(result.question for result in history))
        if not question.strip():
            raise QuestionError("the question is empty: write <one> in the box")
        if question == BREAKS:
            raise RuntimeError("planted")
        if question in self.planted:
            return self.planted[question]
        hits = tuple(_hit(document) for document in self.texts.values())[:3]
        return Abstention(question, 0.08, "These documents do not say.", hits)

    def explain(
        self,
        question: str,
        *,
        history: Sequence[Answer | Abstention] = (),
        found: Callable[[Sequence[Hit]], None] = lambda _: None,
    ) -> Explained:
        result = self.ask(question, history=history)
        hits = tuple(_hit(document) for document in self.texts.values())
        found(hits)
        return Explained(result, hits, (), 0.5, 0.5)

    @property
    def folder(self) -> Path:
        return Path("nowhere")

    def catalogue(self) -> list[Listed]:
        return [Listed(source, Path(source.id), 1) for source in self.documents()]

    def update(self, *_: Path, progress: object = None) -> IndexReport:
        raise AssertionError(f"nothing is planted for an update ({progress})")

    def documents(self) -> list[Source]:
        return [document.source for document in self.texts.values()]

    def document(self, document_id: str) -> Document:
        if document_id not in self.texts:
            raise UnknownDocumentError(f"there is no document '{document_id}' in the index")
        return self.texts[document_id]


def span_of(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def _hit(document: Document) -> Hit:
    # The last line of the text, so that it has to be scrolled to.
    end = len(document.text.rstrip())
    start = document.text.rindex("\n", 0, end) + 1
    span = Span(start, end)
    passage = Passage(document.source, span.start, span.end, document.text[start:end], (span,))
    return Hit(passage, 0.03, 0.4, 1.2)


FILLER = "\n".join(
    f"Paragraph {n} tells of the harbour's ordinary days, of tides and of cargo." for n in range(60)
)
BREAKS = "What breaks?"
QUESTION = "Which towns rebuilt the lighthouse?"
FIRST = "Marlow and Easthaven paid for the new lamp, the harbour master said."
SECOND = "The town of Easthaven rebuilt the lighthouse in 1921 — “at last”, said Ann Reed."
OPEN = "Portwick has not ruled out paying for the lamp, its council said."
PAYERS = "Which towns paid for the new lamp?"
FOLLOW_UP = "And did Marlow?"
REWRITTEN = "Did Marlow pay for the new lamp?"
FURNITURE = "Recommended Stories"


def harbour() -> FakeEngine:
    """Three long documents, one of them hostile, and planted questions.

    They are `QUESTION` with two claims, `PAYERS` with undecided parties, and `FOLLOW_UP`, a yes-no
    question that is read as `REWRITTEN`.
    """
    engine = FakeEngine()
    engine.add(
        Source("news/lamp.txt", "A new lamp", "The Gazette", "J. Doe", "2025-09-05", "0" * 64),
        f"{FURNITURE}\n{FILLER}\n{FIRST}\n{FILLER}\nThe end of the first.",
        FURNITURE,
    )
    engine.add(
        Source("history.txt", "Easthaven 🏮 through the years", "Almanac"),
        f"{FILLER}\n{SECOND}\n{OPEN}\n{FILLER}\nThe end of the second.",
    )
    engine.add(
        Source(f"{HOSTILE}.txt", HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        f"{HOSTILE}\n{FILLER}\n{HOSTILE} was shown.",
    )
    engine.plant(
        QUESTION,
        engine.claim("Marlow", ("news/lamp.txt", FIRST, "Marlow")),
        engine.claim(
            "Easthaven",
            ("history.txt", SECOND, "Easthaven"),
            ("news/lamp.txt", FIRST, "Easthaven"),
        ),
    )
    _plant_conversation(engine)
    hostile = f"{HOSTILE}.txt"
    engine.plant(
        HOSTILE, engine.claim(HOSTILE, (hostile, f"{HOSTILE} was shown.", HOSTILE)), confidence=0.5
    )
    return engine


def _plant_conversation(engine: FakeEngine) -> None:
    both = ("news/lamp.txt", FIRST, "Easthaven"), ("history.txt", SECOND, "Easthaven")
    engine.plant(
        PAYERS,
        replace(engine.claim("Easthaven", *both), sources=2),
        engine.claim("Marlow", ("news/lamp.txt", FIRST, "Marlow")),
        undecided=(engine.claim("Portwick", ("history.txt", OPEN, "Portwick")),),
        question_type=QuestionType("list", "place", "affirmed"),
    )
    words = "Marlow and Easthaven paid for the new lamp"
    engine.plant(
        FOLLOW_UP,
        replace(
            engine.claim(words, ("news/lamp.txt", FIRST, words)),
            speaker="the harbour master",
            context="the lighthouse",
        ),
        verdict="yes",
        question_type=QuestionType("yes-no", "statement"),
        rewritten=REWRITTEN,
    )
