"""The tab of the documents in a real Chromium over a real index: add, ask, read, remove."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from rag.doors.guard import Access
from rag.engine import Engine
from rag.page.evidence import why
from rag.page.uploads import Uploads
from rag.serving import start
from tests.browser_actions import all_texts, ask, click, opened, show_tab, wait
from tests.browser_support import chromium, missing_browser, requested_urls
from tests.test_page_corpus import question_set

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(missing_browser()), reason=missing_browser()),
]

STATES = ".lot:not([aria-busy]) ol li"
TITLES = ".catalogue tbody .open"
HEAD = "#citable-header p"
MILL = "The mill at Orsa burned on Tuesday night."


@pytest.fixture
def address(engine: Engine) -> Iterator[str]:
    server = start(engine, ["What did Ida Holm say?"], Access(port=0))
    yield f"{server.address}/"
    server.close()


@pytest.fixture(scope="module")
def desktop() -> Iterator[WebDriver]:
    with chromium() as driver:
        yield driver


def choose(driver: WebDriver, *paths: Path) -> None:
    """What a person does in the dialogue that `Choose files` opens."""
    files = driver.find_element(By.CSS_SELECTOR, ".of-files")
    files.send_keys("\n".join(str(path) for path in paths))


def test_add_a_document_ask_about_it_replace_it_and_remove_it(
    desktop: WebDriver, address: str, tmp_path: Path
) -> None:
    requested_urls(desktop)
    opened(desktop, address)
    show_tab(desktop, "Documents", ".catalogue")
    assert all_texts(desktop, TITLES) == ["bridge.txt", "A new library", "towns/ferry.txt"]
    assert all_texts(desktop, ".remove") == []

    mill, broken = tmp_path / "mill.txt", tmp_path / "broken.docx"
    mill.write_text(f"{MILL}\n", encoding="utf-8")
    broken.write_text("no zip", encoding="utf-8")
    choose(desktop, mill, broken)
    wait(desktop, lambda: len(all_texts(desktop, STATES)) == 2)
    refused, added = all_texts(desktop, STATES)
    assert refused.startswith("broken.docx refused: it is something else, not a Word document")
    assert added == "mill.txt added: 1 passage"
    wait(desktop, lambda: "mill.txt" in all_texts(desktop, TITLES))
    assert "4 documents" in all_texts(desktop, HEAD)[0]

    show_tab(desktop, "Ask", "#citable-question input")
    ask(desktop, "Which mill at Orsa burned on Tuesday night?", ".claim")
    assert all_texts(desktop, ".claim-text") == [MILL]

    show_tab(desktop, "Documents", ".catalogue")
    mill.write_text("The mill at Orsa stands.\n", encoding="utf-8")
    choose(desktop, mill)
    wait(desktop, lambda: all_texts(desktop, STATES) == ["mill.txt replaced: 1 passage"])
    click(desktop, TITLES, 2)
    wait(desktop, lambda: all_texts(desktop, ".reading .source-text") != [])
    assert all_texts(desktop, ".reading .source-text") == ["The mill at Orsa stands."]
    click(desktop, ".shut")
    wait(desktop, lambda: all_texts(desktop, ".reading") == [])

    click(desktop, ".remove")
    assert all_texts(desktop, ".remove") == ["Remove?"]
    click(desktop, ".remove")
    wait(desktop, lambda: all_texts(desktop, STATES) == ["mill.txt removed"])
    wait(desktop, lambda: "mill.txt" not in all_texts(desktop, TITLES))
    assert "3 documents" in all_texts(desktop, HEAD)[0]
    urls = [url for url in requested_urls(desktop) if urlsplit(url).scheme not in ("data", "blob")]
    assert len(urls) > 5
    assert {urlsplit(url).netloc for url in urls} == {urlsplit(address).netloc}


def test_a_folder_is_dropped(desktop: WebDriver, address: str, tmp_path: Path) -> None:
    opened(desktop, address)
    show_tab(desktop, "Documents", ".catalogue")
    folder = tmp_path / "lot"
    (folder / "old").mkdir(parents=True)
    (folder / "mill.txt").write_text(f"{MILL}\n", encoding="utf-8")
    (folder / "old" / "kiln.md").write_text("The kiln was cold.\n", encoding="utf-8")
    (folder / "old" / ".hidden.txt").write_text("Not to be seen.\n", encoding="utf-8")
    area = desktop.find_element(By.CSS_SELECTOR, ".drop").rect
    where = {"x": area["x"] + 20, "y": area["y"] + 20}
    dragged = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        desktop.execute_cdp_cmd("Input.dispatchDragEvent", {"type": kind, "data": dragged, **where})
    wait(desktop, lambda: len(all_texts(desktop, STATES)) == 2)
    assert all_texts(desktop, STATES) == [
        "lot/mill.txt added: 1 passage",
        "lot/old/kiln.md added: 1 passage",
    ]
    wait(desktop, lambda: "lot/old/kiln.md" in all_texts(desktop, TITLES))


def test_how_an_answer_was_found_is_told(desktop: WebDriver, address: str, engine: Engine) -> None:
    opened(desktop, address)
    question = "The library in Mora opened in 1998"
    ask(desktop, question, ".claim")
    assert all_texts(desktop, ".passage .scores") == ["", "", ""]  # folded away
    click(desktop, ".evidence summary")
    explained = engine.explain(question)
    wait(desktop, lambda: all_texts(desktop, ".passage .open")[0] != "")
    titles = [hit.passage.source.label for hit in explained.hits]
    assert all_texts(desktop, ".passage .open") == titles
    scores = [
        [f"{hit.dense:.2f}", f"{hit.lexical:.1f}", f"{explained.reader_score(hit) or 0:.0%}"]
        for hit in explained.hits
    ]
    shown = all_texts(desktop, ".passage .scores dd")
    assert shown == [score for row in scores for score in row]
    assert all_texts(desktop, ".passage .why") == [why(explained, hit) for hit in explained.hits]
    assert all_texts(desktop, ".passage.used .open") == ["A new library"]
    unused = titles.index("bridge.txt")
    click(desktop, ".passage .open", unused)
    wait(desktop, lambda: all_texts(desktop, ".source-header h2 bdi") == ["bridge.txt"])
    [marked] = all_texts(desktop, "#citable-source mark")
    assert marked == engine.document("bridge.txt").text.strip()


def test_a_question_set_is_measured(
    desktop: WebDriver, address: str, engine: Engine, tmp_path: Path
) -> None:
    opened(desktop, address)
    question_set(engine, tmp_path / "own.jsonl")
    show_tab(desktop, "Quality", ".measure")
    chosen = desktop.find_element(By.CSS_SELECTOR, ".quality-form .set")
    chosen.send_keys(str(tmp_path / "own.jsonl"))
    click(desktop, ".measure")
    wait(desktop, lambda: desktop.find_elements(By.CSS_SELECTOR, ".plots svg"))
    assert all_texts(desktop, ".quality h2")[0] == "own: 2 questions, 1 with a fault"
    assert len(desktop.find_elements(By.CSS_SELECTOR, ".plots svg")) == 3
    click(desktop, ".quality summary")
    wait(desktop, lambda: all_texts(desktop, ".sides h3") == ["Said", "Wanted"])
    assert "A refusal: A <planted> one." in all_texts(desktop, ".sides p")


def test_documents_are_found_and_read_by_keyboard(desktop: WebDriver, address: str) -> None:
    opened(desktop, address)
    show_tab(desktop, "Documents", ".catalogue")
    desktop.find_element(By.CSS_SELECTOR, "#citable-find :is(input, textarea)").send_keys("ferry")
    wait(desktop, lambda: all_texts(desktop, TITLES) == ["towns/ferry.txt"])
    desktop.switch_to.active_element.send_keys(Keys.TAB)
    wait(desktop, lambda: desktop.switch_to.active_element.text == "towns/ferry.txt")
    assert desktop.switch_to.active_element.value_of_css_property("outline-style") == "solid"
    desktop.switch_to.active_element.send_keys(Keys.ENTER)
    wait(desktop, lambda: "runs twice a day" in desktop.switch_to.active_element.text)
    desktop.switch_to.active_element.send_keys(Keys.SHIFT, Keys.TAB)
    assert desktop.switch_to.active_element.text == "All documents"
    desktop.switch_to.active_element.send_keys(Keys.ENTER)
    wait(desktop, lambda: desktop.switch_to.active_element.get_property("value") == "ferry")


def test_a_page_for_everybody_changes_nothing(desktop: WebDriver, engine: Engine) -> None:
    server = start(engine, ["Who?"], Access("0.0.0.0", port=0, insecure=True))
    opened(desktop, server.address.replace("0.0.0.0", "127.0.0.1"))
    show_tab(desktop, "Documents", ".catalogue")
    assert all_texts(desktop, ".drop, .files, .remove") == []
    assert not Uploads(engine).folder.exists()
    server.close()
