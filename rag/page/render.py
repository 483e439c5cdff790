"""The page's parts as HTML, from a `View`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from rag.page.markup import document_html, escape, isolated, quote_html, shown_range
from rag.page.view import Place, View, confidence_words
from rag.types import Abstention, Answer, Document, Source

# Answers up to this length are set in large type; a whole sentence reads better a step smaller.
SHORT_ANSWER_CHARS = 90
# Nearest passages are shown in full when opened; the list has their beginning.
EXCERPT_CHARS = 280


def render_header(sources: Sequence[Source]) -> str:
    """The name of the page and how many documents it answers from."""
    count = f"{len(sources):,} document{'' if len(sources) == 1 else 's'}"
    return (
        '<header class="masthead"><h1>Citable</h1>'
        f"<p>Answers in the words of your {count}, each with its place in the source.</p></header>"
    )


def render_examples(examples: Sequence[str]) -> str:
    """Buttons that ask the example questions."""
    if not examples:
        return ""
    buttons = "".join(
        f'<button type="button" class="example">{isolated(text)}</button>' for text in examples
    )
    return f'<div class="examples" role="group" aria-label="Example questions">{buttons}</div>'


def render_searching(question: str) -> str:
    """What stands in the answer's place while the documents are read."""
    return (
        '<section class="answer searching" aria-live="polite" aria-busy="true">'
        f'<p class="asked">{isolated(question)}</p>'
        '<p class="status">Reading the documents…</p></section>'
    )


def render_notice(message: str) -> str:
    """An error that the user can mend."""
    sentence = message[:1].upper() + message[1:]
    return f'<section class="notice" role="alert"><p>{isolated(sentence)}</p></section>'


def render_result(view: View, selected: int) -> str:
    """The answer or the abstention; `selected` is the index of the place that is open."""
    if isinstance(view.result, Abstention):
        return _abstention(view.result, view.places, selected)
    return _answer(view.result, view.places, selected)


def render_source(document: Document, place: Place) -> str:
    """The document beside the answer, with the quote highlighted.

    A document that no longer has the quote at its place gives a notice instead.
    """
    if document.text[place.span.start : place.span.end] != place.quote:
        return render_notice(
            f"{document.source.label} has changed since this answer was given. Ask again."
        )
    length = len(document.text)
    shown = shown_range(length, place.span)
    cut = ""
    if shown.end - shown.start < length:
        cut = (
            f'<p class="cut">A long document: characters {shown.start:,}–{shown.end:,} '
            f"of {length:,} are shown.</p>"
        )
    name = f"source {place.number}" if place.number else "nearest passage"
    return (
        f'<section class="source" aria-label="{escape(f"{name}: {document.source.label}")}">'
        f"{_source_header(document.source, place)}{cut}"
        '<div class="source-text" tabindex="0" role="document" aria-label="Text of the document" '
        f'dir="auto">{document_html(document, shown, place.span, place.answers)}</div>'
        '<button type="button" class="back">Back to the answer</button></section>'
    )


def readable_date(published: str) -> str:
    """`5 September 2025` for an ISO date; anything else as it is."""
    try:
        day = date.fromisoformat(published)
    except ValueError:
        return published
    return f"{day.day} {day:%B %Y}"


def _answer(answer: Answer, places: Sequence[Place], selected: int) -> str:
    numbers = iter(range(len(places)))  # runs on from claim to claim, as the places do
    claims = []
    for claim in answer.claims:
        marks = "".join(
            _mark(places, index, selected)
            for _, index in zip(claim.citations, numbers, strict=False)
        )
        size = "" if len(claim.text) <= SHORT_ANSWER_CHARS else " long"
        claims.append(
            f'<li class="claim{size}"><span class="claim-text" dir="auto">{escape(claim.text)}'
            f'</span> <span class="marks">{marks}</span></li>'
        )
    first_reference = len(places) - len(answer.citations)
    said = {claim.text for claim in answer.claims}
    references = "".join(
        _reference(places, index, selected, said) for index in range(first_reference, len(places))
    )
    return (
        '<section class="answer" aria-live="polite">'
        f'<h2 class="asked">{isolated(answer.question)}</h2>'
        f'<ul class="claims">{"".join(claims)}</ul>'
        f'<p class="confidence">{_meter(answer.confidence)}</p>'
        f'<h3>Sources</h3><ol class="references">{references}</ol></section>'
    )


def _abstention(abstention: Abstention, places: Sequence[Place], selected: int) -> str:
    nearest = "".join(_passage(places, index, selected) for index in range(len(places)))
    listed = f'<h3>Nearest passages</h3><ol class="references">{nearest}</ol>' if nearest else ""
    return (
        '<section class="answer abstention" aria-live="polite">'
        f'<h2 class="asked">{isolated(abstention.question)}</h2>'
        f'<p class="reason">{isolated(abstention.reason)}</p>{listed}</section>'
    )


def _mark(places: Sequence[Place], index: int, selected: int) -> str:
    place = places[index]
    return (
        f'<button type="button" class="mark" data-place="{index}" '
        f'aria-pressed="{_flag(index == selected)}" '
        f'aria-label="Citation {place.number}: {escape(_brief(place.source))}" '
        f'title="{escape(_brief(place.source))}">[{place.number}]</button>'
    )


def _reference(places: Sequence[Place], index: int, selected: int, said: Collection[str]) -> str:
    """A source of the answer, with its quote unless the answer consists of the same words."""
    place = places[index]
    quote = ""
    if place.quote not in said:
        words = quote_html(place.quote, place.span.start, place.answers)
        quote = f'<blockquote dir="auto">{words}</blockquote>'
    return (
        f'<li class="reference{_current(place.number == places[selected].number)}">'
        f'<span class="number" aria-hidden="true">{place.number}</span>'
        f'<div><button type="button" class="open" data-place="{index}" '
        f'aria-label="Source {place.number}: {escape(place.source.label)}">'
        f"{isolated(place.source.label)}</button>{_details(place.source)}"
        f"{quote}</div></li>"
    )


def _passage(places: Sequence[Place], index: int, selected: int) -> str:
    place = places[index]
    text = place.quote
    if len(text) > EXCERPT_CHARS:
        text = text[:EXCERPT_CHARS].rsplit(None, 1)[0] + "…"
    return (
        f'<li class="reference{_current(index == selected)}"><div>'
        f'<button type="button" class="open" data-place="{index}" '
        f'aria-label="Nearest passage {index + 1}: {escape(place.source.label)}">'
        f"{isolated(place.source.label)}</button>{_details(place.source)}"
        f'<blockquote dir="auto">{escape(text)}</blockquote></div></li>'
    )


def _source_header(source: Source, place: Place) -> str:
    badge = f'<span class="number">{place.number}</span>' if place.number else ""
    rows = [
        ("Publisher", source.publisher),
        ("Author", source.author),
        ("Published", readable_date(source.published) if source.published else ""),
        # A document without a title has its id for a heading already.
        ("Document", source.id if source.title else ""),
        ("Quote" if place.number else "Passage", place.characters),
    ]
    details = "".join(f"<div><dt>{k}</dt><dd>{isolated(v)}</dd></div>" for k, v in rows if v)
    heading = f"<h2>{badge}{isolated(source.label)}</h2>"
    return f'<div class="source-header">{heading}<dl>{details}</dl></div>'


def _details(source: Source) -> str:
    known = [source.publisher, readable_date(source.published) if source.published else ""]
    parts = " · ".join(isolated(part) for part in known if part)
    return f'<p class="details">{parts}</p>' if parts else ""


def _meter(confidence: float) -> str:
    return (
        f'<span class="meter" aria-hidden="true"><i style="width:{confidence:.0%}"></i></span>'
        f"Confidence: {confidence_words(confidence)}"
    )


def _brief(source: Source) -> str:
    return ", ".join(part for part in (source.label, source.publisher) if part)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _current(value: bool) -> str:
    return " current" if value else ""
