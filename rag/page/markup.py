"""Text as HTML: everything that comes from a document, a file name or a question goes through here.

`escape` also encodes the characters that mean something to the templates of the page's framework,
so that a document cannot reach them whatever the framework does with a value.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import pairwise

from rag.types import Document, Span

# Of JavaScript template literals (` $ \), Handlebars ({ }) and the framework's `@children`.
_TEMPLATE_CHARACTERS = {ord(c): f"&#{ord(c)};" for c in "`$\\{}@"}
# Control characters become their pictures (␀), one for one, and what is no character becomes �.
_UNSEEN_CHARACTERS = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),
}
_CHARACTERS = _TEMPLATE_CHARACTERS | _UNSEEN_CHARACTERS

# A browser lays out this much text at once without a pause; of a longer document the part around
# the quote is shown.
SHOWN_CHARS = 60_000


def escape(text: str) -> str:
    """`text` as HTML that shows its characters one for one, also inside an attribute's quotes."""
    return html.escape(text, quote=True).translate(_CHARACTERS)


def isolated(text: str) -> str:
    """Escaped text that cannot turn the direction of what stands beside it."""
    return f"<bdi>{escape(text)}</bdi>"


def shown_range(length: int, quote: Span, limit: int = SHOWN_CHARS) -> Span:
    """The range of a text of `length` to show around `quote`: all of it, or about `limit`."""
    if length <= limit:
        return Span(0, length)
    start = max(0, min(quote.start - limit // 2, length - limit))
    return Span(start, min(length, max(start + limit, quote.end)))


def document_html(document: Document, shown: Span, quote: Span, answers: Sequence[Span]) -> str:
    """The shown text with the quote in `<mark>`, answers in `<strong>`, furniture greyed."""
    before = (
        _runs(document, Span(shown.start, quote.start), ()) if quote.start > shown.start else ""
    )
    after = _runs(document, Span(quote.end, shown.end), ()) if shown.end > quote.end else ""
    return f'{before}<mark id="citable-quote">{_runs(document, quote, answers)}</mark>{after}'


def part_html(document: Document, shown: Span) -> str:
    """The shown text with its furniture greyed."""
    return _runs(document, shown, ())


def quote_html(text: str, start: int, answers: Sequence[Span]) -> str:
    """A quote that stands at `start` of its document, with the answers in `<strong>`."""
    whole = Span(start, start + len(text))
    return "".join(
        _run(text[piece.start - start : piece.end - start], _inside(piece, answers), False)
        for piece in _pieces(whole, answers)
    )


def _runs(document: Document, part: Span, answers: Sequence[Span]) -> str:
    furniture = [span for span in document.furniture if span.overlaps(part)]
    return "".join(
        _run(
            document.text[piece.start : piece.end],
            _inside(piece, answers),
            _inside(piece, furniture),
        )
        for piece in _pieces(part, [*answers, *furniture])
    )


def _pieces(part: Span, spans: Sequence[Span]) -> list[Span]:
    """`part` cut wherever one of the spans starts or ends."""
    edges = {edge for span in spans for edge in (span.start, span.end)}
    cuts = sorted({part.start, part.end} | {e for e in edges if part.start < e < part.end})
    return [Span(start, end) for start, end in pairwise(cuts)]


def _inside(piece: Span, spans: Sequence[Span]) -> bool:
    return any(span.contains(piece) for span in spans)


def _run(text: str, answer: bool, furniture: bool) -> str:
    run = escape(text)
    if answer:
        run = f"<strong>{run}</strong>"
    if furniture:
        run = f'<span class="furniture" title="Page furniture, never quoted">{run}</span>'
    return run
