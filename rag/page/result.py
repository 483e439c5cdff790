"""The answer, or the decision not to answer, as HTML."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import count

from rag.page.downloads import render_downloads
from rag.page.markup import escape, isolated, quote_html
from rag.page.render import details_line
from rag.page.view import (
    Place,
    View,
    about_claim,
    confidence_words,
    readable_date,
    type_words,
    words_of,
)
from rag.results import Abstention, Answer, Claim
from rag.types import QuestionType, Source

# Answers up to this length are set in large type; a whole sentence reads better a step smaller.
SHORT_ANSWER_CHARS = 90
# Nearest passages are shown in full when opened; the list has their beginning.
EXCERPT_CHARS = 280


def render_result(view: View, selected: int) -> str:
    """The answer or the abstention; `selected` is the index of the place that is open."""
    if isinstance(view.result, Abstention):
        return _abstention(view.result, view.places, selected)
    return _answer(view.result, view, selected)


def _answer(answer: Answer, view: View, selected: int) -> str:
    places, shown = view.every_place, len(view.places)
    numbers = count()  # runs on from claim to claim, as the places do
    asked = answer.question_type
    claims = _claims(answer.claims, asked, places, numbers, selected)
    undecided = ""
    if answer.undecided:
        parties = _claims(answer.undecided, asked, places, numbers, selected)
        undecided = f'<section class="undecided"><h3>Undecided</h3>{parties}</section>'
    first_reference = shown - len(answer.citations)
    said = {claim.text for claim in (*answer.claims, *answer.undecided)}
    references = "".join(
        _reference(places, index, selected, said) for index in range(first_reference, shown)
    )
    verdict = f'<p class="verdict">{answer.verdict.capitalize()}</p>' if answer.verdict else ""
    differ = '<p class="differ">The sources differ</p>' if answer.disagreement else ""
    return (
        f'<section class="answer" aria-live="polite">{_question(answer)}'
        f"{verdict}{differ}{claims}{undecided}{_notes(answer)}"
        f'<p class="confidence">{_meter(answer.confidence)}</p>{render_downloads(answer)}'
        f'<h3>Sources</h3><ol class="references">{references}</ol></section>'
    )


def _abstention(abstention: Abstention, places: Sequence[Place], selected: int) -> str:
    nearest = "".join(_passage(places, index, selected) for index in range(len(places)))
    listed = f'<h3>Nearest passages</h3><ol class="references">{nearest}</ol>' if nearest else ""
    return (
        f'<section class="answer abstention" aria-live="polite">{_question(abstention)}'
        f'<p class="reason">{isolated(abstention.reason)}</p>{_notes(abstention)}'
        f"{render_downloads(abstention)}{listed}</section>"
    )


def _question(result: Answer | Abstention) -> str:
    """The question as it was asked, and how it was read."""
    read_as = ""
    if result.rewritten:
        read_as = f'<p class="read-as">Read as: {isolated(result.rewritten)}</p>'
    kind = isolated(type_words(result.question_type))
    return (
        f'<header class="question"><h2 class="asked">{isolated(result.question)}</h2>{read_as}'
        f'<p class="kind" title="How the question was understood">{kind}</p></header>'
    )


def _claims(
    claims: Sequence[Claim],
    asked: QuestionType,
    places: Sequence[Place],
    numbers: Iterator[int],
    selected: int,
) -> str:
    """A list of claims, each with the marks of the next places that `numbers` gives."""
    items = []
    for claim in claims:
        # One number for each citation, and none taken beyond them.
        marks = "".join(_mark(places, next(numbers), selected) for _ in claim.citations)
        size = "" if len(claim.text) <= SHORT_ANSWER_CHARS else " long"
        lead, words = words_of(claim, asked)
        by = f'<span class="by">{isolated(lead)}</span> ' if lead else ""
        aside = " · ".join(isolated(part) for part in about_claim(claim))
        items.append(
            f'<li class="claim{size}">{by}<span class="claim-text" dir="auto">{escape(words)}'
            f'</span> <span class="marks">{marks}</span>'
            + (f' <span class="aside">{aside}</span>' if aside else "")
            + "</li>"
        )
    return f'<ul class="claims">{"".join(items)}</ul>'


def _notes(result: Answer | Abstention) -> str:
    return "".join(f'<p class="note">{isolated(note)}</p>' for note in result.notes)


def _mark(places: Sequence[Place], index: int, selected: int) -> str:
    place = places[index]
    return (
        f'<button type="button" class="mark" data-place="{index}" '
        f'aria-pressed="{_flag(index == selected)}" '
        f'aria-label="Citation {place.number}: {escape(_brief(place.source))}" '
        f'title="{escape(_hint(place))}">[{place.number}]</button>'
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
        f"{isolated(place.source.label)}</button>{details_line(place.source)}"
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
        f"{isolated(place.source.label)}</button>{details_line(place.source)}"
        f'<blockquote dir="auto">{escape(text)}</blockquote></div></li>'
    )


def _meter(confidence: float) -> str:
    return (
        f'<span class="meter" aria-hidden="true"><i style="width:{confidence:.0%}"></i></span>'
        f"Confidence: {confidence_words(confidence)}"
    )


def _brief(source: Source) -> str:
    return ", ".join(part for part in (source.label, source.publisher) if part)


def _hint(place: Place) -> str:
    """What hovering over a mark shows: where the quote is from, and the quote."""
    day = readable_date(place.source.published) if place.source.published else ""
    quote = " ".join(place.quote.split())
    return ", ".join(part for part in (_brief(place.source), day) if part) + f": “{quote}”"


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _current(value: bool) -> str:
    return " current" if value else ""
