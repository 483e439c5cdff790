"""What axe-core finds on every tab of the page, in light and dark, wide and narrow: nothing."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from rag.doors.guard import Access
from rag.serving import start
from tests.browser_actions import all_texts, ask, click, opened, show_tab, wait
from tests.browser_support import PAYERS, QUESTION, chromium, harbour, missing_browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(missing_browser()), reason=missing_browser()),
]

AXE = "axe-core@4.14.1"
FETCH_SECONDS = 60
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: arguments[0], resultTypes: ["violations"]}).then((found) => done(
  found.violations.map((v) => [v.id, v.impact, v.nodes.map((n) => n.target.join(" ")).slice(0, 5)])
), (error) => done([["failed", String(error), []]]));
"""


@pytest.fixture(scope="module")
def axe(pytestconfig: pytest.Config) -> str:
    """The checker's script, fetched once and kept in pytest's cache."""
    assert pytestconfig.cache is not None
    folder = Path(pytestconfig.cache.mkdir("axe"))
    kept = folder / f"{AXE.replace('@', '-')}.tgz"
    if not kept.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("npm, which fetches axe-core, is not installed")
        command = [npm, "pack", AXE, "--silent", "--pack-destination", str(folder)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=FETCH_SECONDS)
        except (subprocess.SubprocessError, OSError) as error:
            pytest.skip(f"{AXE} could not be fetched: {error}")
    with tarfile.open(kept) as archive:
        script = archive.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode("utf-8")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = start(harbour(), [QUESTION, "Who won?"], Access(port=0))
    yield f"{server.address}/"
    server.close()


def faults(driver: WebDriver, axe: str) -> list[Any]:
    driver.execute_script(axe)
    found: list[Any] = driver.execute_async_script(RUN, STANDARDS)
    return found


@pytest.mark.parametrize(("dark", "width"), [(False, 1280), (True, 1280), (False, 390)])
def test_nothing_is_found_on_any_tab(address: str, axe: str, dark: bool, width: int) -> None:
    with chromium(dark=dark, width=width) as driver:
        driver.set_script_timeout(60)
        opened(driver, address)
        assert faults(driver, axe) == []
        ask(driver, PAYERS, ".undecided")
        wait(driver, lambda: all_texts(driver, "#citable-source mark") != [])
        driver.execute_script("document.querySelector('.evidence').open = true")
        assert faults(driver, axe) == []
        show_tab(driver, "Documents", ".catalogue")
        assert faults(driver, axe) == []
        click(driver, ".catalogue .open")
        wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".reading"))
        assert faults(driver, axe) == []
        show_tab(driver, "Quality", ".measure")
        assert faults(driver, axe) == []
        # A picture without a name is one, so the checker is at work.
        driver.execute_script("document.querySelector('.measure').after(new Image(9, 9))")
        assert "image-alt" in [rule for rule, *_ in faults(driver, axe)]
