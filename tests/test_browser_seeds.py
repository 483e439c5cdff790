"""The demo as a person sees it: the seed articles, the shipped models, a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from rag.doors.guard import Access
from rag.engine import Engine
from rag.page import answered_examples, examples_for
from rag.results import Answer
from rag.serving import start
from tests.browser_actions import all_texts, ask, click, opened, wait
from tests.browser_support import chromium, missing_browser
from tests.conftest import SEEDS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(bool(missing_browser()), reason=missing_browser()),
]

QUESTION = "Which nations agreed to send forces?"
UNANSWERABLE = "What does a ferry ticket to Visby cost?"
CITED = "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    index: Path = tmp_path_factory.mktemp("index")
    with Engine.build(SEEDS, index=index) as built:
        yield built


def test_the_demo(engine: Engine) -> None:
    result = engine.ask(QUESTION)
    assert isinstance(result, Answer)
    examples = answered_examples(engine.ask, examples_for(engine, 12), 2, lambda: False)
    assert len(examples) == 2
    server = start(engine, examples, Access(port=0))
    try:
        with chromium() as driver:
            opened(driver, server.address)
            assert all_texts(driver, ".example") == examples
            ask(driver, QUESTION, ".downloads")
            items = [claim.text for claim in (*result.claims, *result.undecided)]
            assert all_texts(driver, ".claim-text") == items
            marks = driver.find_elements(By.CSS_SELECTOR, ".mark")
            cited = [c for one in (*result.claims, *result.undecided) for c in one.citations]
            assert len(marks) == len(cited) > 1
            for number, citation in enumerate(cited):
                click(driver, ".mark", number)
                wait(driver, lambda: driver.execute_script(CITED, "mark") == [citation.quote])  # noqa: B023
                [text] = driver.execute_script(CITED, "#citable-source .source-text")
                assert text == engine.document(citation.source.id).text
                label = citation.source.label
                assert all_texts(driver, ".source-header h2 bdi") == [label]
            click(driver, ".example")
            wait(driver, lambda: all_texts(driver, ".asked") == examples[:1])
            wait(driver, lambda: all_texts(driver, ".claim-text"))
            ask(driver, UNANSWERABLE, ".abstention")
            assert all_texts(driver, ".claim-text") == []
            assert all_texts(driver, ".reason") != [""]
    finally:
        server.close()
