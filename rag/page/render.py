"""The page's parts around the answer as HTML: what stands above it, and the source beside it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.page.markup import document_html, escape, isolated, shown_range
from rag.page.view import Conversation, Place, readable_date
from rag.types import Document, Source

# More would push the answer off a phone's screen.
EARLIER_SHOWN = 3


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


def render_conversation(conversation: Conversation, *, reading: bool = False) -> str:
    """Buttons that ask the latest earlier questions again, and one that begins anew.

    None works while a question is being read: its answer would come into the new conversation.
    """
    if not conversation.results:
        return ""
    off = " disabled" if reading else ""
    earlier = "".join(
        f'<li><button type="button" class="earlier" title="{escape(text)}"{off}>'
        f"{isolated(text)}</button></li>"
        for text in conversation.earlier()[-EARLIER_SHOWN:]
    )
    listed = f'<ol aria-label="Earlier questions">{earlier}</ol>' if earlier else ""
    return (
        f'<nav class="conversation" aria-label="This conversation">{listed}'
        f'<button type="button" class="renew"{off}>New conversation</button></nav>'
    )


def render_searching(question: str, found: str = "", before: int = 0) -> str:
    """What stands in the answer's place while the documents are read; `found` is HTML below it.

    `before` counts the questions that are answered first, whoever asks them.
    """
    status = "Reading the passages found…" if found else "Looking through the documents…"
    if before:
        come = "question comes" if before == 1 else "questions come"
        status = f"{before:,} {come} before this one…"
    return (
        '<section class="answer searching" aria-live="polite" aria-busy="true">'
        f'<p class="asked">{isolated(question)}</p>'
        f'<p class="status">{status}</p>{found}</section>'
    )


def details_line(source: Source) -> str:
    """Publisher and day of a source, where they are known."""
    known = [source.publisher, readable_date(source.published) if source.published else ""]
    parts = " · ".join(isolated(part) for part in known if part)
    return f'<p class="details">{parts}</p>' if parts else ""


def render_notice(message: str) -> str:
    """An error that the user can mend."""
    sentence = message[:1].upper() + message[1:]
    return f'<section class="notice" role="alert"><p>{isolated(sentence)}</p></section>'


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
