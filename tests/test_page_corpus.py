"""The events of the documents' and the quality tab, and what a browser may not make them do."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest
from gradio.utils import get_upload_folder

from rag.engine import Engine
from rag.evaluation import recorded
from rag.evaluation.reporting import Contents
from rag.line import Line
from rag.page import quality
from rag.page.catalogue import MOST_ROWS, id_of, render_catalogue, render_reading, token
from rag.page.corpus import CorpusTab
from rag.page.markup import SHOWN_CHARS
from rag.page.uploads import Uploads, uploaded
from rag.types import Document, Source
from tests.fakes import Caller, every


@pytest.fixture
def tab(engine: Engine) -> CorpusTab:
    return CorpusTab(engine, Uploads(engine))


@pytest.fixture
def arrived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where files that a browser sent lie."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "arrived"))
    folder = Path(get_upload_folder(), "ab12")
    folder.mkdir(parents=True)
    return folder


def event(**told: object) -> gr.EventData:
    return gr.EventData(None, told)


def test_files_that_a_browser_sent_are_added(tab: CorpusTab, arrived: Path) -> None:
    path = arrived / "mill.txt"
    path.write_text("The mill burned.\n", encoding="utf-8")
    files = [{"name": "mill.txt", "path": str(path), "size": 17}, {"name": "x.exe", "size": 3}]
    *_, (lot, table, head) = every(tab.bringing()("", event(files=files)))
    assert "added: <bdi>1 passage</bdi>" in lot
    assert "1 done, 1 refused" in lot
    assert ">mill.txt<" in table
    assert "4 documents" in head
    assert not path.exists()


def test_what_was_sent_goes_where_the_page_is_left_before_it_is_added(
    engine: Engine, arrived: Path
) -> None:
    async def leave(tab: CorpusTab) -> None:
        path = arrived / "mill.txt"
        path.write_text("The mill burned.\n", encoding="utf-8")
        sent = event(files=[{"name": "mill.txt", "path": str(path), "size": 17}])
        steps = tab.bringing()("", sent)
        await anext(steps)
        assert path.exists()
        await steps.aclose()  # type: ignore[attr-defined]
        assert not path.exists()

    for uploads in (Uploads(engine), None):
        asyncio.run(leave(CorpusTab(engine, uploads)))
    assert len(engine.documents()) == 3


def test_a_file_of_this_machine_that_nobody_sent_is_not_taken(
    tab: CorpusTab, arrived: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The word is Orsa.\n", encoding="utf-8")
    (arrived / "link.txt").symlink_to(secret)
    for path in (str(secret), f"{arrived}/../../../secret.txt", str(arrived / "link.txt"), 7, "\0"):
        assert uploaded(path) is None
        sent = event(files=[{"name": "a.txt", "path": path}])
        *_, (lot, _, head) = every(tab.bringing()("", sent))
        assert "1 refused" in lot
        assert "3 documents" in head
    assert secret.exists()


@pytest.mark.parametrize("told", [None, "x", [], {}, {"files": "x"}, {"files": [1, {}]}])
def test_whatever_a_browser_sends_is_survived(tab: CorpusTab, told: object) -> None:
    sent = gr.EventData(None, told)
    *_, (_, _, head) = every(tab.bringing()("", sent))
    assert "3 documents" in head
    assert 'class="notice"' in tab.discard("", sent)[0]
    assert 'class="notice"' in tab.read(sent)


def test_a_page_that_may_only_read_changes_nothing(engine: Engine) -> None:
    tab = CorpusTab(engine, None)
    *_, (lot, table, _) = every(tab.bringing()("", event(files=[{"name": "a.txt"}])))
    assert "changes no documents" in lot
    assert 'class="remove"' not in table
    assert "changes no documents" in tab.discard("", event(document=token("bridge.txt")))[0]


def test_the_table_has_what_is_looked_for(tab: CorpusTab) -> None:
    assert tab.table().count('class="open"') == 3
    assert ">A new library<" in tab.table("LIBRARY md")
    assert tab.table("library").count('class="open"') == 1
    assert "No document has these words" in tab.table("<nothing>")


def test_a_large_corpus_shows_its_first_rows(engine: Engine) -> None:
    many = engine.catalogue() * (MOST_ROWS // 3 + 1)
    shown = render_catalogue(many, "", lambda _: False)
    assert shown.count('class="open"') == MOST_ROWS
    assert f"{len(many):,} are shown" in shown


def test_a_document_is_read_in_parts() -> None:
    text = "a" * SHOWN_CHARS + "b" * 10
    document = Document(Source("long\x1b.txt"), text)
    first, second = render_reading(document, 0), render_reading(document, SHOWN_CHARS + 3)
    assert f'data-start="{SHOWN_CHARS}">Part after' in first
    assert "Part before" not in first
    assert 'data-start="0">Part before' in second
    assert f">{'b' * 10}</div>" in second
    assert "Part" not in render_reading(Document(Source("short.txt"), "text"), 10**9)
    assert render_reading(Document(Source("empty.txt"), ""), 0)
    assert id_of(token("long\x1b\ud800.txt")) == "long\x1b\ud800.txt"
    assert id_of("%") == ""


def question_set(engine: Engine, path: Path) -> None:
    """Two questions: one that is answered in the words of a sentence, one without an answer."""
    text = engine.document("library.md").text
    quote = "The library in Mora opened in 1998."
    start = text.index(quote)
    span = {"document": "library.md", "start": start, "end": start + len(quote), "quote": quote}
    answer = {"text": quote, "aliases": [], "evidence": [span]}
    rows = [
        {"id": "a", "split": "dev", "kind": "fact", "question": quote, "answers": [answer]},
        {
            "id": "b", "split": "dev", "kind": "none", "question": "The ferry runs twice a day?",
            "answers": [], "why_unanswerable": "A <planted> one.",
        },
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def measured(engine: Engine, **told: object) -> list[str]:
    return every(quality.measuring(engine, Line())(event(**told), Caller()))


def test_a_question_set_is_measured(engine: Engine, arrived: Path) -> None:
    path = arrived / "set.jsonl"
    question_set(engine, path)
    steps = measured(engine, path=str(path), name="own.jsonl", count=12)
    assert "0 of 2" in steps[0]
    shown = steps[-1]
    assert "<bdi>own</bdi>: 2 questions, 1 with a fault" in shown
    assert shown.count("<svg") == 3
    assert "A refusal: <bdi>A &lt;planted&gt; one.</bdi>" in shown
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [("no json", "own.jsonl, line 1: is not JSON"), ("", "own.jsonl: holds no questions")],
)
def test_what_is_no_question_set_is_said(
    engine: Engine, arrived: Path, content: str, message: str
) -> None:
    path = arrived / "set.jsonl"
    path.write_text(content, encoding="utf-8")
    [shown] = measured(engine, path=str(path), name="own.jsonl")
    assert message.lower() in shown.lower()
    assert str(arrived) not in shown


def test_a_set_that_did_not_arrive_is_not_replaced_by_another(engine: Engine) -> None:
    [shown] = measured(engine, path="", name="own.jsonl")
    assert "did not arrive" in shown


def test_a_measurement_ends_when_the_page_is_left(
    engine: Engine, arrived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, line = arrived / "set.jsonl", Line()
    question_set(engine, path)
    asked, go_on, ended = list[str](), threading.Event(), threading.Event()

    def ask(question: str) -> object:
        asked.append(question)
        assert go_on.wait(20)
        return answer

    def ask_all(*arguments: object) -> Iterator[recorded.Recorded]:
        try:
            yield from recorded.ask_all(*arguments)  # type: ignore[arg-type]
        finally:
            ended.set()

    answer = engine.ask("Qwertz zxcv?")
    monkeypatch.setattr(quality, "ask_all", ask_all)
    slow = SimpleNamespace(ask=ask, document=engine.document)

    async def leave() -> None:
        told = event(path=str(path), name="own.jsonl", count=12)
        steps = quality.measuring(slow, line)(told, Caller())  # type: ignore[arg-type]
        await anext(steps)
        await anext(steps)
        while not asked:
            await asyncio.sleep(0.01)
        await steps.aclose()  # type: ignore[attr-defined]
        go_on.set()
        # The server goes on, so that nothing else ends it.
        assert await asyncio.to_thread(ended.wait, 20)

    asyncio.run(leave())
    assert len(asked) == 1
    with line.turn("somebody else"):
        assert not path.exists()


def test_waiting_in_the_line_is_no_part_of_the_seconds(
    engine: Engine, arrived: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = arrived / "set.jsonl"
    question_set(engine, path)
    shown, clock = list[Contents](), [0.0]

    class Slow(Line):
        @contextmanager
        def turn(self, client: str) -> Iterator[None]:
            clock[0] += 100
            with super().turn(client):
                yield

    def ask(question: str) -> object:
        clock[0] += 2
        return engine.ask(question)

    def render(contents: Contents) -> str:
        shown.append(contents)
        return ""

    monkeypatch.setattr(quality, "render_contents", render)
    monkeypatch.setattr(recorded, "time", SimpleNamespace(perf_counter=lambda: clock[0]))
    asking = SimpleNamespace(ask=ask, document=engine.document)
    told = event(path=str(path), name="own.jsonl", count=12)
    every(quality.measuring(asking, Slow())(told, Caller()))  # type: ignore[arg-type]
    assert [row.seconds for row in shown[0].report.rows] == [2, 2]
    assert clock == [204]
