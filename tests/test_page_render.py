"""The page's HTML: what is shown, in which order, and that text stays text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from rag.page.markup import SHOWN_CHARS, document_html, escape, quote_html, shown_range
from rag.page.render import render_examples, render_header, render_notice, render_source
from rag.page.result import render_result
from rag.page.view import confidence_words, readable_date, view_of
from rag.types import Document, Source, Span
from tests.browser_support import FIRST, FURNITURE, HOSTILE, QUESTION, SECOND, harbour, span_of


def document(text: str, *furniture: Span) -> Document:
    return Document(Source("a.txt"), text, furniture)


def test_quote_is_marked_with_the_answer_in_bold_and_furniture_greyed() -> None:
    text = "Share this\nIt rained. Ann & Bob left.\nShare this"
    quote = span_of(text, "Ann & Bob left.")
    shown = document_html(
        document(text, Span(0, 10)), Span(0, len(text)), quote, [span_of(text, "Bob")]
    )
    assert re.sub(r' (?:title|id)="[^"]*"', "", shown) == (
        '<span class="furniture">Share this</span>\nIt rained. '
        "<mark>Ann &amp; <strong>Bob</strong> left.</mark>\nShare this"
    )


def test_marked_text_shows_every_character_once() -> None:
    text = "a\r\nb 🏮 <i> & “c” \u202e d"
    whole = Span(0, len(text))
    answers = [Span(3, 6), Span(4, 9)]
    shown = document_html(document(text, Span(0, 5), Span(7, 10)), whole, Span(2, 11), answers)
    plain = re.sub(r"</?(?:mark|strong|span)\b[^>]*>", "", shown)
    assert plain == escape(text)


def test_quote_at_the_edges_of_the_document() -> None:
    assert document_html(document("Yes."), Span(0, 4), Span(0, 4), []) == (
        '<mark id="citable-quote">Yes.</mark>'
    )


def test_quote_html_counts_from_the_documents_start() -> None:
    assert quote_html("Ann left.", 100, [Span(100, 103)]) == "<strong>Ann</strong> left."


def test_escape_reaches_neither_html_nor_templates() -> None:
    escaped = escape(HOSTILE + "\x00\ud800'\"\\")
    assert not set("<>'\"`$\\{}@") & set(escaped)
    assert "␀\ufffd" in escaped


def test_a_long_document_is_shown_around_its_quote() -> None:
    length = 10 * SHOWN_CHARS
    for start in (0, 5 * SHOWN_CHARS, length - 100):
        quote = Span(start, start + 100)
        shown = shown_range(length, quote)
        assert shown.contains(quote)
        assert shown.end - shown.start == SHOWN_CHARS
    assert shown_range(SHOWN_CHARS, Span(5, 6)) == Span(0, SHOWN_CHARS)
    assert shown_range(length, Span(10, length)).end == length


def test_a_long_document_says_what_is_shown() -> None:
    text = "word " * SHOWN_CHARS
    engine = harbour()
    engine.add(Source("long.txt"), text + "The end.")
    engine.plant("q", engine.claim("The end.", ("long.txt", "The end.", "The end.")))
    (place, _) = view_of(engine.ask("q")).places
    shown = render_source(engine.document("long.txt"), place)
    total = len(text) + 8
    assert f"characters {total - SHOWN_CHARS:,}–{total:,} of {total:,} are shown" in shown
    assert len(shown) < 2 * SHOWN_CHARS


def test_places_follow_claims_then_references() -> None:
    view = view_of(harbour().ask(QUESTION))
    assert [place.number for place in view.places] == [1, 2, 1, 1, 2]
    assert [place.quote for place in view.places] == [FIRST, SECOND, FIRST, FIRST, SECOND]
    bold = [
        [place.quote[a.start - place.span.start : a.end - place.span.start] for a in place.answers]
        for place in view.places
    ]
    assert bold == [
        ["Marlow"],
        ["Easthaven"],
        ["Easthaven"],
        ["Marlow", "Easthaven"],
        ["Easthaven"],
    ]


def test_each_mark_has_its_number_and_place() -> None:
    shown = render_result(view_of(harbour().ask(QUESTION)), 1)
    marks = re.findall(r'class="mark" data-place="(\d+)" aria-pressed="(\w+)".*?>\[(\d+)\]', shown)
    assert marks == [("0", "false", "1"), ("1", "true", "2"), ("2", "false", "1")]
    assert 'aria-label="Citation 2: Easthaven 🏮 through the years, Almanac"' in shown
    assert re.findall(r'class="open" data-place="(\d+)"', shown) == ["3", "4"]
    assert shown.count('class="reference current"') == 1
    assert "Confidence: very likely right (93%)" in shown


def test_a_whole_sentence_answer_is_not_bold_throughout() -> None:
    engine = harbour()
    engine.plant("q", engine.claim(FIRST, ("news/lamp.txt", FIRST, FIRST)))
    view = view_of(engine.ask("q"))
    assert all(place.answers == () for place in view.places)
    seen = re.sub(r"<[^>]*>", "", render_result(view, 0))
    assert seen.count(FIRST) == 1  # said once, not again among the sources


def test_source_has_its_metadata() -> None:
    engine = harbour()
    place = view_of(engine.ask(QUESTION)).places[0]
    shown = render_source(engine.document("news/lamp.txt"), place)
    facts = re.findall(r"<dt>(.*?)</dt><dd><bdi>(.*?)</bdi></dd>", shown)
    assert facts == [
        ("Publisher", "The Gazette"),
        ("Author", "J. Doe"),
        ("Published", "5 September 2025"),
        ("Document", "news/lamp.txt"),
        ("Quote", f"characters {place.span.start}–{place.span.end}"),
    ]
    assert f">{FURNITURE}</span>" in shown


def test_a_document_that_changed_is_not_shown_with_a_wrong_quote() -> None:
    engine = harbour()
    place = view_of(engine.ask(QUESTION)).places[0]
    changed = replace(engine.document("news/lamp.txt"), text="Another text.", furniture=())
    shown = render_source(changed, place)
    assert "has changed since this answer was given" in shown
    assert "<mark" not in shown


def test_abstention_lists_the_nearest_passages() -> None:
    view = view_of(harbour().ask("Who won?"))
    shown = render_result(view, 0)
    assert "These documents do not say." in shown
    assert re.findall(r'class="open" data-place="(\d+)"', shown) == ["0", "1", "2"]
    assert [place.number for place in view.places] == [0, 0, 0]


def test_no_text_reaches_the_page_unescaped() -> None:
    engine = harbour()
    view = view_of(engine.ask(HOSTILE))
    parts = [
        render_result(view, 0),
        render_source(engine.document(f"{HOSTILE}.txt"), view.places[0]),
        render_result(view_of(engine.ask(f"{HOSTILE}?")), 0),
        render_notice(HOSTILE),
        render_examples([HOSTILE]),
    ]
    for part in parts:
        assert "<script" not in part
        assert "<img" not in part
        assert not set("`$\\{}@") & set(part)
        assert "&lt;script&gt;" in part


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, "virtually certain (100%)"),
        (0.9, "very likely right (90%)"),
        (0.7, "likely right (70%)"),
        (0.5, "as likely right as wrong (50%)"),
        (0.2, "unlikely to be right (20%)"),
        (0.0, "very unlikely to be right (0%)"),
    ],
)
def test_confidence_in_words(confidence: float, words: str) -> None:
    assert confidence_words(confidence) == words


def test_dates_are_readable_and_unknown_forms_stay() -> None:
    assert readable_date("2025-09-05") == "5 September 2025"
    assert readable_date("autumn 2025") == "autumn 2025"


def test_header_counts_documents() -> None:
    sources = harbour().documents()
    assert "your 3 documents," in render_header(sources)
    assert "your 1 document," in render_header(sources[:1])
