"""The page in a real headless Chromium, used as a person would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from rag.doors.guard import Access, Login
from rag.serving import start
from tests.browser_actions import BOX, all_texts, ask, click, opened, put_question, show_tab, wait
from tests.browser_support import (
    BREAKS,
    FIRST,
    FOLLOW_UP,
    FURNITURE,
    HOSTILE,
    OPEN,
    PAYERS,
    QUESTION,
    REWRITTEN,
    SECOND,
    chromium,
    harbour,
    missing_browser,
    requested_urls,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(missing_browser()), reason=missing_browser()),
]

MOST_TABS = 20
WENT_WRONG = "Something went wrong; the terminal says what. Ask again."
OPEN_QUOTE = "#citable-source mark"
# Whether the middle of an element's first line is what a person sees at that point of the screen.
IN_SIGHT = """
const element = document.querySelector(arguments[0]);
if (!element) return false;
const box = element.getClientRects()[0];
const x = box.left + box.width / 2, y = box.top + box.height / 2;
return element.contains(document.elementFromPoint(x, y));
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = start(harbour(), [QUESTION, "Who won?"], Access(port=0))
    yield f"{server.address}/"
    server.close()


@pytest.fixture(scope="module")
def desktop() -> Iterator[WebDriver]:
    with chromium() as driver:
        yield driver


@pytest.fixture
def page(desktop: WebDriver, address: str) -> WebDriver:
    return opened(desktop, address)


def wait_for_quote(driver: WebDriver, quote: str) -> None:
    wait(driver, lambda: all_texts(driver, OPEN_QUOTE) == [quote])


def in_sight(driver: WebDriver, selector: str = OPEN_QUOTE) -> bool:
    found: bool = driver.execute_script(IN_SIGHT, selector)
    return found


def test_ask_then_open_the_second_citation(page: WebDriver) -> None:
    ask(page, QUESTION, ".claim")
    assert all_texts(page, ".claim-text") == ["Marlow", "Easthaven"]
    assert all_texts(page, ".mark") == ["[1]", "[2]", "[1]"]
    wait_for_quote(page, FIRST)
    assert all_texts(page, f"{OPEN_QUOTE} strong") == ["Marlow"]
    assert all_texts(page, ".source-header h2 bdi") == ["A new lamp"]
    wait(page, lambda: in_sight(page))

    click(page, ".mark", 1)
    wait_for_quote(page, SECOND)
    assert all_texts(page, f"{OPEN_QUOTE} strong") == ["Easthaven"]
    assert all_texts(page, ".source-header h2 bdi") == ["Easthaven 🏮 through the years"]
    assert all_texts(page, ".source-header dd")[:2] == ["Almanac", "history.txt"]
    wait(page, lambda: in_sight(page))
    pressed = [
        m.get_attribute("aria-pressed") for m in page.find_elements(By.CSS_SELECTOR, ".mark")
    ]
    assert pressed == ["false", "true", "false"]


def test_source_text_is_the_documents_and_its_furniture_is_greyed(page: WebDriver) -> None:
    ask(page, QUESTION, ".claim")
    wait_for_quote(page, FIRST)
    pane = page.find_element(By.CSS_SELECTOR, ".source-text")
    assert pane.get_property("textContent") == harbour().document("news/lamp.txt").text
    assert all_texts(page, ".furniture") == [FURNITURE]
    colour, plain = (
        page.find_element(By.CSS_SELECTOR, s).value_of_css_property("color")
        for s in (".furniture", ".source-text")
    )
    assert colour != plain


def test_a_reference_opens_its_source_too(page: WebDriver) -> None:
    ask(page, QUESTION, ".claim")
    click(page, ".open", 1)
    wait_for_quote(page, SECOND)


def test_abstention_opens_its_nearest_passages(page: WebDriver) -> None:
    ask(page, "Who won the match?", ".abstention")
    assert all_texts(page, ".reason") == ["These documents do not say."]
    assert all_texts(page, ".mark") == []
    wait_for_quote(page, "The end of the first.")
    wait(page, lambda: in_sight(page))
    click(page, ".open", 1)
    wait_for_quote(page, "The end of the second.")
    wait(page, lambda: in_sight(page))


def test_an_example_is_asked_by_one_click(page: WebDriver) -> None:
    click(page, ".example")
    wait(page, lambda: all_texts(page, ".claim-text") == ["Marlow", "Easthaven"])
    assert page.find_element(By.CSS_SELECTOR, BOX).get_property("value") == QUESTION


def test_a_conversation_of_a_list_and_a_yes_no_question(page: WebDriver, tmp_path: Path) -> None:
    saving = {"behavior": "allow", "downloadPath": str(tmp_path)}
    page.execute_cdp_cmd("Browser.setDownloadBehavior", saving)
    ask(page, PAYERS, ".undecided")
    assert all_texts(page, ".claim-text") == ["Easthaven", "Marlow", "Portwick"]
    assert all_texts(page, ".undecided .claim-text") == ["Portwick"]
    assert all_texts(page, ".aside") == ["2 independent sources"]
    assert all_texts(page, ".kind") == ["list · places · affirmed"]
    click(page, ".undecided .mark")
    wait_for_quote(page, OPEN)

    ask(page, FOLLOW_UP, ".verdict")
    assert all_texts(page, ".verdict") == ["Yes"]
    assert all_texts(page, ".read-as") == [f"Read as: {REWRITTEN}"]
    assert all_texts(page, ".by") == ["According to the harbour master:"]
    assert all_texts(page, ".undecided") == []
    assert all_texts(page, ".earlier") == [PAYERS]

    click(page, ".save", 1)
    saved = tmp_path / "answer.json"
    wait(page, saved.exists)
    assert json.loads(saved.read_text(encoding="utf-8")) == harbour().planted[FOLLOW_UP].to_json()

    click(page, ".earlier")
    wait(page, lambda: all_texts(page, ".asked") == [PAYERS])
    wait(page, lambda: all_texts(page, ".earlier") == [REWRITTEN])
    click(page, ".renew")
    wait(page, lambda: all_texts(page, ".answer, .source, .conversation") == [])
    assert page.find_element(By.CSS_SELECTOR, BOX).get_property("value") == ""
    assert page.switch_to.active_element == page.find_element(By.CSS_SELECTOR, BOX)


def test_an_answer_is_copied_with_its_references(page: WebDriver, address: str) -> None:
    allowed = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    granted = {"origin": address.rstrip("/"), "permissions": allowed}
    page.execute_cdp_cmd("Browser.grantPermissions", granted)
    ask(page, PAYERS, ".undecided")
    click(page, ".copy")
    wait(page, lambda: all_texts(page, ".copy") == ["Copied"])
    copied = page.execute_async_script(
        "navigator.clipboard.readText().then(arguments[arguments.length - 1])"
    )
    assert copied.strip() == harbour().planted[PAYERS].to_markdown().strip()
    wait(page, lambda: all_texts(page, ".copy") == ["Copy"])


def test_hovering_shows_the_quote(page: WebDriver) -> None:
    ask(page, QUESTION, ".claim")
    hints = [m.get_attribute("title") for m in page.find_elements(By.CSS_SELECTOR, ".mark")]
    assert hints[0] == f"A new lamp, The Gazette, 5 September 2025: “{FIRST}”"
    assert SECOND in hints[1]


def test_keyboard_alone_is_enough(page: WebDriver) -> None:
    page.switch_to.active_element.send_keys(QUESTION, Keys.ENTER)
    wait_for_quote(page, FIRST)
    for _ in range(MOST_TABS):
        page.switch_to.active_element.send_keys(Keys.TAB)
        if page.switch_to.active_element.text == "[2]":
            break
    outline = page.switch_to.active_element.value_of_css_property("outline-style")
    assert outline == "solid"
    page.switch_to.active_element.send_keys(Keys.ENTER)
    wait_for_quote(page, SECOND)
    wait(page, lambda: in_sight(page))
    assert page.switch_to.active_element.text == "[2]"


def test_hostile_text_is_shown_and_runs_nothing(page: WebDriver) -> None:
    seen = HOSTILE.replace("\x1b", "␛")
    # The claim, its title, publisher, author, date, id and text are all the hostile string.
    put_question(page, HOSTILE)
    wait(page, lambda: page.find_elements(By.CSS_SELECTOR, ".claim"))
    assert all_texts(page, ".claim-text") == [seen]
    assert all_texts(page, ".asked") == [seen]
    wait_for_quote(page, f"{seen} was shown.")
    assert all_texts(page, ".source-header dd")[:4] == [seen, seen, seen, f"{seen}.txt"]
    assert page.find_elements(By.CSS_SELECTOR, "#citable-result script, #citable-result img") == []
    assert page.execute_script("return window.pwned ?? null") is None


def test_errors_are_notices_and_the_page_goes_on(page: WebDriver) -> None:
    ask(page, "  ", ".notice")
    assert all_texts(page, ".notice") == ["The question is empty: write <one> in the box"]
    ask(page, BREAKS, ".notice")
    wait(page, lambda: all_texts(page, ".notice")[:1] == [WENT_WRONG])
    ask(page, QUESTION, ".claim")
    assert all_texts(page, ".notice") == []


def test_every_request_stays_on_this_machine(page: WebDriver, address: str) -> None:
    requested_urls(page)
    opened(page, address)
    ask(page, QUESTION, ".claim")
    click(page, ".mark", 1)
    wait_for_quote(page, SECOND)
    urls = [url for url in requested_urls(page) if urlsplit(url).scheme not in ("data", "blob")]
    assert len(urls) > 5
    assert {urlsplit(url).netloc for url in urls} == {urlsplit(address).netloc}


def test_the_page_works_behind_a_login() -> None:
    access = Access(port=0, login=Login.parse("ida:secret", "a test"))
    server = start(harbour(), [QUESTION], access)
    with chromium() as driver:
        driver.get(server.address)
        assert all_texts(driver, ".example") == []
        # A person types it once; the browser then sends it with all that the page asks for.
        driver.get(server.address.replace("://", "://ida:secret@"))
        opened(driver, server.address)
        ask(driver, QUESTION, ".claim")
        assert all_texts(driver, ".claim-text") == ["Marlow", "Easthaven"]
        # Closing does not wait for the browser, which stays connected.
        server.close()


def test_the_browser_refuses_to_leave_the_machine(page: WebDriver) -> None:
    blocked = page.execute_async_script("""
        const done = arguments[arguments.length - 1];
        document.addEventListener("securitypolicyviolation", (event) => done(event.blockedURI));
        fetch("http://192.0.2.1/").catch(() => {});
        setTimeout(() => done("not blocked"), 5000);
    """)
    assert blocked.startswith("http://192.0.2.1")


def test_phone_width_stacks_and_comes_back(address: str) -> None:
    with chromium(width=390, height=844) as driver:
        opened(driver, address)
        ask(driver, QUESTION, ".claim")
        wait_for_quote(driver, FIRST)
        # A new answer does not scroll itself away; a click brings its source.
        assert driver.execute_script("return window.scrollY") == 0
        answer, source = (
            driver.find_element(By.CSS_SELECTOR, s).rect for s in (".answer", ".source")
        )
        assert source["y"] >= answer["y"] + answer["height"]
        assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
        click(driver, ".mark", 0)
        wait(driver, lambda: in_sight(driver))
        click(driver, ".back", 0)
        wait(driver, lambda: in_sight(driver, ".claim-text"))
        show_tab(driver, "Documents", ".catalogue")
        empty = driver.find_elements(By.CSS_SELECTOR, ".catalogue td:empty")
        assert empty
        assert not any(cell.is_displayed() for cell in empty)  # nor their headings


def test_dark_scheme_is_followed(address: str) -> None:
    with chromium(dark=True) as driver:
        opened(driver, address)
        ask(driver, QUESTION, ".claim")
        wait_for_quote(driver, FIRST)
        for selector in ("body", ".source"):
            background = driver.find_element(By.CSS_SELECTOR, selector)
            red = background.value_of_css_property("background-color").split("(")[1].split(",")[0]
            assert int(red) < 60, selector
        ink = driver.find_element(By.CSS_SELECTOR, ".claim").value_of_css_property("color")
        assert int(ink.split("(")[1].split(",")[0]) > 200
