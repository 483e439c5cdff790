"""The written report: what it holds, that hostile text stays text, and how it looks."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from selenium.webdriver.common.by import By

from rag.errors import EvaluationError
from rag.evaluation.accepted import Accepted, Figure, digest
from rag.evaluation.files import check_report
from rag.evaluation.questions import GoldAnswer, GoldQuestion, GoldSpan
from rag.evaluation.ranking import Bin, reliability
from rag.evaluation.replies import Cited, Reply, Statement
from rag.evaluation.report import Report
from rag.evaluation.reporting import Contents, render, write_report
from rag.evaluation.run import score
from rag.types import JSON
from tests.browser_support import HOSTILE, chromium, missing_browser, requested_urls

TEXT = "Ann opened the bridge. Ben closed it."
CONDITIONS: JSON = {
    "commit": "abc123",
    "machine": {"processor": "one", "cores": 2, "system": "Linux"},
    "versions": {"python": "3.11"},
}


def question(row_id: str, wording: str, *answers: GoldAnswer, why: str = "") -> GoldQuestion:
    kind = "fact" if answers else "none"
    return GoldQuestion(row_id, "test", wording, kind, answers, why_unanswerable=why)


def answer(document: str, start: int, end: int, confidence: float, text: str) -> Reply:
    cited = Cited(document, start, end, TEXT[start:end])
    return Reply(True, confidence, (Statement(text, (cited,)),), (cited,))


def report(hostile: str = "") -> Report:
    gold = GoldAnswer(f"Ann{hostile}", (), (GoldSpan("a.txt", 0, 22, TEXT[:22]),))
    asked = [
        (question("q1", f"Who opened the bridge{hostile}?", gold), 0.9, 0, 22, f"Ann{hostile}"),
        (question("q2", "Who opened it?", gold), 0.6, 23, 37, f"Ben{hostile}"),
        (question("q3", "Who sells fish?", why=f"not said{hostile}"), 0.4, 23, 37, "Ben"),
    ]
    rows = [
        score(one, answer("a.txt", start, end, sure, text), {"a.txt": TEXT}, number)
        for number, (one, sure, start, end, text) in enumerate(asked, 1)
    ]
    refused = score(question("q4", "Who fell?", why="not said"), Reply(False, 0.1), {}, None)
    return Report((*rows, refused))


def contents(found: Report, hostile: str = "") -> Contents:
    figures = {
        "evidence_accuracy": Figure(1.0, 0.25, 2),
        "rightly_refused": Figure(0.5, 0.25, 2),
        "wrongly_refused": Figure(0.5, 0.25, 2),
    }
    asked = digest(row.question for row in found.rows)
    accepted = {"test": Accepted(4, asked, f"fff{hostile}", figures)}
    settings = {"reader": f"mine{hostile}"}
    return Contents(f"set{hostile}", found, accepted, settings, CONDITIONS, "2026-01-02")


class Elements(HTMLParser):
    """Which elements and attributes a page has, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def test_the_report_holds_figures_changes_and_wrong_rows() -> None:
    page = render(contents(report()), "report.html")
    text = " ".join(Elements(page).text.split())
    assert "first claim on gold evidence 2 0.50 0.00–1.00 -0.500 worse" in text
    assert "unanswerable refused 2 0.50 0.00–1.00 0.000 answerable" in text
    assert "answerable wrongly refused − 2 0.00 0.00–0.00 -0.500 better" in text
    assert "Wrong rows: 2 of 4" in text
    assert "Ben closed it. a.txt:23–37 · no gold evidence" in text
    assert "Ann opened the bridge. a.txt:0–22 · not cited" in text
    assert "A refusal: not said" in text
    assert "3.00 s Who sells fish? q3 2.00 s Who opened it? q2 1.00 s" in text
    assert "reader mine commit abc123 processor one cores 2" in text


def test_other_questions_than_the_accepted_have_no_change() -> None:
    found = contents(report())
    part = Contents(found.name, Report(found.report.rows[:2]), found.accepted, {}, CONDITIONS)
    assert part.comparable == {}
    assert "No figures are accepted for exactly these questions" in render(part, "report.md")


def test_a_reliability_diagram_has_the_bins_of_the_calibration_error() -> None:
    pairs = [(0.9, True), (0.2, False), (0.7, False), (0.6, True)]
    assert reliability(pairs, bins=2) == [
        Bin(pytest.approx(0.4), 0.5, 2),
        Bin(pytest.approx(0.8), 0.5, 2),
    ]
    found = contents(report())
    gaps = [one.count * abs(one.confidence - one.right) for one in found.bins()]
    assert sum(gaps) / 3 == pytest.approx(found.report.overall.values["calibration_error"])


def test_hostile_text_stays_text_in_html() -> None:
    page = render(contents(report(HOSTILE), HOSTILE), "report.html")
    found, plain = Elements(page), Elements(render(contents(report()), "report.html"))
    assert found.tags == plain.tags
    assert found.attributes == plain.attributes
    assert "script" not in found.tags
    assert "onerror" not in found.attributes
    assert found.text.count("<script>window.pwned=1</script>") >= 8


def test_hostile_text_stays_text_in_markdown() -> None:
    hostile = f"{HOSTILE} | x |\n# y ![p](http://example.org/p.png)"
    written = render(contents(report(hostile), hostile), "report.md")
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(written)
    found = Elements(page)
    plain = MarkdownIt("commonmark").enable("table")
    assert found.tags <= Elements(plain.render(render(contents(report()), "report.md"))).tags
    assert "img" not in found.tags
    assert "<script>window.pwned=1</script>" in found.text


def test_a_report_is_written_by_its_ending(tmp_path: Path) -> None:
    odd = contents(report("\ud800"))  # half of a surrogate pair, as JSON can bring it
    write_report(odd, tmp_path / "r.md")
    write_report(odd, tmp_path / "R.HTML")
    assert (tmp_path / "r.md").read_text(encoding="utf-8").startswith("# Evaluation of set")
    assert (tmp_path / "R.HTML").read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(EvaluationError, match=r"ends in \.html or \.md"):
        check_report(tmp_path / "r.pdf")
    with pytest.raises(EvaluationError, match="make the folder"):
        check_report(tmp_path / "none" / "r.html")


@pytest.mark.browser
@pytest.mark.skipif(bool(missing_browser()), reason=missing_browser())
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_its_window_and_asks_nobody(tmp_path: Path, width: int) -> None:
    path = tmp_path / "r.html"
    write_report(contents(report(HOSTILE), HOSTILE), path)
    with chromium(width=width) as driver:
        driver.get(path.as_uri())
        assert {url.split(":")[0] for url in requested_urls(driver)} == {"file"}
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width
        assert driver.execute_script("return window.pwned") is None
        assert len(driver.find_elements(By.CSS_SELECTOR, "svg")) == 3
