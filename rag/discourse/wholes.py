"""Makes whole what a reader gave a part of: a statement, the clause of a reason."""

from __future__ import annotations

import re

from rag.discourse.attribution import reported_with
from rag.types import Span

# A longer statement is no answer that a person reads at a glance.
MAX_STATEMENT_CHARS = 240
# So many words may be missing at the end of a reason. Of 280 reasons in events that we wrote, which
# the reader had not seen, this mends 12 and spoils none; with six words it mends 14 and spoils 2.
MAX_REASON_WORDS = 4

_AROUND = " \n\r\t“”„«»\"‘’',.;:–—"
_CLAUSE_END = re.compile(r"[,;:—–“”\"]|\s-\s|[.!?](?=\s|$)|\n")


def statement(text: str, at: Span) -> Span:
    """All of what is said, of which `at` is a part: the quotation, or what a verb reports.

    `at` itself where the outlet says it, or where the whole is longer than MAX_STATEMENT_CHARS.
    """
    found = reported_with(text, at)
    whole = _trimmed(text, found) if found else at
    return whole if whole.contains(at) and whole.end - whole.start <= MAX_STATEMENT_CHARS else at


def reason(text: str, at: Span) -> Span:
    """A reason up to the end of its clause, where at most MAX_REASON_WORDS are missing."""
    found = _CLAUSE_END.search(text, at.end)
    end = found.start() if found else len(text)
    missing = text[at.end : end]
    # A word that is cut in two is no whole answer in any case.
    if not missing[:1].isspace() or len(missing.split()) > MAX_REASON_WORDS:
        return at
    return _trimmed(text, Span(at.start, end))


def _trimmed(text: str, span: Span) -> Span:
    """The range without white space, marks of quotation and punctuation around its words."""
    start, end = span.start, span.end
    while start < end and text[start] in _AROUND:
        start += 1
    while end > start and text[end - 1] in _AROUND:
        end -= 1
    return Span(start, end)
