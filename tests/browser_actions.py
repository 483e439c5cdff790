"""What a person does on the page in a browser, and what they see."""

from __future__ import annotations

from collections.abc import Callable

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

WAIT_SECONDS = 20
BOX = "#citable-question input"
# Read in one step: the page may replace an element between two.
TEXTS = "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText.trim());"
TYPED = """
const box = document.querySelector(arguments[0]);
box.value = arguments[1];
box.dispatchEvent(new Event('input', {bubbles: true}));
"""


def opened(driver: WebDriver, address: str) -> WebDriver:
    driver.get(address)
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".example"))
    wait(driver, lambda: driver.switch_to.active_element.tag_name == "input")
    return driver


def wait(driver: WebDriver, condition: Callable[[], object]) -> None:
    WebDriverWait(driver, WAIT_SECONDS, poll_frequency=0.05).until(lambda _: condition())


def all_texts(driver: WebDriver, selector: str) -> list[str]:
    texts: list[str] = driver.execute_script(TEXTS, selector)
    return texts


def ask(driver: WebDriver, question: str, shown: str) -> None:
    """Ask by keyboard and wait for an element that matches `shown`."""
    box = driver.find_element(By.CSS_SELECTOR, BOX)
    box.clear()
    box.send_keys(question, Keys.ENTER)
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, shown))


def put_question(driver: WebDriver, question: str) -> None:
    """Ask what no keyboard types."""
    driver.execute_script(TYPED, BOX, question)
    driver.find_element(By.CSS_SELECTOR, BOX).send_keys(Keys.ENTER)


def click(driver: WebDriver, selector: str, index: int = 0) -> None:
    driver.find_elements(By.CSS_SELECTOR, selector)[index].click()


def show_tab(driver: WebDriver, name: str, shown: str) -> None:
    """Press a tab and wait for what is on it."""
    tabs = driver.find_elements(By.CSS_SELECTOR, "[role=tab]")
    next(tab for tab in tabs if tab.text == name).click()
    wait(
        driver, lambda: any(e.is_displayed() for e in driver.find_elements(By.CSS_SELECTOR, shown))
    )
