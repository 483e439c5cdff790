"""Takes the README's pictures of the page: `python -m tests.shots`, over an index of `seeds/`."""

from __future__ import annotations

import io
import tempfile
import time
from base64 import b64decode
from pathlib import Path

from PIL import Image
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from rag.doors.guard import Access
from rag.engine import Engine
from rag.page import examples_for
from rag.serving import start
from tests.browser_actions import opened, put_question, show_tab
from tests.browser_support import chromium

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "rag" / "page" / "shots"
QUESTION = "Which nations agreed to send forces?"
# A whole question set is asked for one of them.
WAIT_SECONDS = 600
# What moves has come to rest, and pictures of few colours are small.
REST_SECONDS, COLOURS, MOST_BYTES = 1.5, 64, 150_000


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Engine.build(ROOT / "seeds", index=folder) as engine,
    ):
        server = start(engine, examples_for(engine), Access(port=0))
        try:
            for name, dark, width in (("light", False, 1280), ("dark", True, 1280)):
                with chromium(dark=dark, width=width) as driver:
                    answer(driver, server.address)
                    keep(driver, f"ask-{name}")
                    if dark:
                        continue
                    show_tab(driver, "Documents", ".catalogue")
                    keep(driver, "documents")
                    show_tab(driver, "Quality", ".measure")
                    driver.find_element(By.CSS_SELECTOR, ".measure").click()
                    until(driver, ".quality")
                    keep(driver, "quality", ".plots")
            with chromium(width=390, height=844) as driver:
                answer(driver, server.address)
                keep(driver, "phone")
        finally:
            server.close()


def answer(driver: WebDriver, address: str) -> None:
    opened(driver, address)
    put_question(driver, QUESTION)
    until(driver, ".downloads")
    until(driver, "#citable-source mark")


def until(driver: WebDriver, selector: str) -> None:
    WebDriverWait(driver, WAIT_SECONDS).until(
        lambda _: driver.find_elements(By.CSS_SELECTOR, selector)
    )


def keep(driver: WebDriver, name: str, from_selector: str = "") -> None:
    """Store what the window shows, after scrolling to an element where one is named."""
    driver.execute_script(
        "document.querySelector(arguments[0])?.scrollIntoView({block: 'start'})",
        from_selector or "body",
    )
    time.sleep(REST_SECONDS)
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    picture = Image.open(io.BytesIO(b64decode(shot["data"]))).convert("RGB")
    path = FOLDER / f"{name}.png"
    picture.quantize(COLOURS).save(path, optimize=True)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{path} has {size:,} bytes, more than {MOST_BYTES:,}: take fewer colours")
    print(f"{path.relative_to(ROOT)}: {size:,} bytes")


if __name__ == "__main__":
    main()
