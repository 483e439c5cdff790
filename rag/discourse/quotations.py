"""The neighbourhood of a place in a document: its sentences, its quotations, its words.

In a neighbourhood's `plain` text each quoted character is a filler, so that rules read only the
words of the outlet, and offsets stay those of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rag.discourse.speech_words import ABBREVIATED
from rag.language import DATELINE
from rag.splitting import split_sentences
from rag.types import Document, Source, Span

# Who speaks is told within a few paragraphs before; `he said` follows at once.
CHARS_BEFORE = 3000
CHARS_AFTER = 1000
# A shorter document is one neighbourhood; in longer ones they start and end on a grid, which
# widens them, so that nearby places share one.
WHOLE_CHARS = 8000
GRID = 1000
# A cut moves to the end of the sentence that it falls into, when that is not farther than this.
MAX_CUT_SHIFT = 400
# Neighbourhoods kept in memory: one for each passage of an answer, and some to spare.
KEPT = 64
# Whole texts with other line ends: those that an answer comes back to.
KEPT_TEXTS = 4

FILLER = "\ue000"
_OPENING = {"“": "”", "„": "“”", "«": "»", "‘": "’"}
_MARK = re.compile(r"[“”„«»\"‘’]|(?:\n[^\S\n]*)+")
_SENTENCE_END = re.compile(r"[.!?][”\"’)]?\s+|\n+")
_DASH = re.compile(r"—|–|--|(?<=\s)-(?=\s)")
_TOKEN = re.compile(
    rf"{ABBREVIATED.pattern}|\$?\d[\d.,]*\d|[^\W_](?:[\w&+’'-]*[\w+])?[’']?(?=\W|$)|"
    rf"[“„«\"‘]?{FILLER}+[”“»\"’]?|\n+|[^\w\s]"
)


class Token(NamedTuple):
    """A word, a mark of punctuation or a whole quotation; offsets are the document's."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def is_quotation(self) -> bool:
        return FILLER in self.text

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_name(self) -> bool:
        """Whether it is written as a name: `Lee`, `al-Rahbi`, `d’Ivoire`."""
        return self.text[0].isupper() or (
            len(self.text) > 3 and re.match(r"[a-z]{1,3}[-’'][A-ZÀ-Þ]", self.text) is not None
        )

    @property
    def is_possessive(self) -> bool:
        return self.text.endswith(("’s", "'s", "s’", "s'"))


# Compared and hashed by identity: `_read` gives the same object for the same range.
@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Neighbourhood:
    """Part of a document: `plain` starts at `start`; sentences and quotations are absolute.

    A quotation's range holds its marks; one that goes on in the next paragraph has a range in each.
    """

    text: str
    start: int
    plain: str
    sentences: tuple[Span, ...]
    quotations: tuple[Span, ...]

    def tokens(self, span: Span) -> list[Token]:
        """The words, marks and quotations of a range, in order; none of a dateline before them."""
        first, last = span.start - self.start, span.end - self.start
        return [
            Token(match.group(), match.start() + self.start, match.end() + self.start)
            for match in _TOKEN.finditer(self.plain, _after_dateline(self.plain, first, last), last)
        ]

    def quotation_at(self, span: Span) -> Span | None:
        """The first quotation that a range overlaps."""
        return next((quoted for quoted in self.quotations if quoted.overlaps(span)), None)

    def sentences_at(self, span: Span) -> range:
        """The numbers of the sentences that a range overlaps."""
        found = [n for n, sentence in enumerate(self.sentences) if sentence.overlaps(span)]
        return range(found[0], found[-1] + 1) if found else range(0)


def neighbourhood(text: str, at: Span) -> Neighbourhood:
    """What surrounds `at`: about 3,000 characters before and 1,000 after, cut at sentence ends.

    Raises ValueError where `at` ends past the text.
    """
    if at.end > len(text):
        raise ValueError(f"{at} ends past the text ({len(text)} characters)")
    if "\r" in text:
        text = _with_plain_ends(text)
    if len(text) <= WHOLE_CHARS:
        return _read(text, 0, len(text))
    start = max(0, (at.start - CHARS_BEFORE) // GRID * GRID)
    end = min(len(text), (at.end + CHARS_AFTER + GRID - 1) // GRID * GRID)
    return _read(text, start, end)


def _after_dateline(text: str, start: int, end: int) -> int:
    """Where the words of a sentence start: behind `LIMA, Peru – ` or `LIMA (Wire) – `, and behind
    `LIMA – ` where no second dash makes it an insertion (`NATO – so he said – agreed`)."""
    found = DATELINE.match(text, start, end) if _starts_line(text, start) else None
    if found is None or found.end() == end:
        return start
    if not any(found.group("agency", "outlet")) and text[found.end()].islower():
        return start
    sure = any(found.group("after", "agency", "outlet"))
    return found.end() if sure or not _DASH.search(text, found.end(), end) else start


def _starts_line(text: str, place: int) -> bool:
    return not text[text.rfind("\n", 0, place) + 1 : place].strip()


@lru_cache(maxsize=KEPT_TEXTS)
def _with_plain_ends(text: str) -> str:
    """The text with `\n` as its only line end, as many characters: offsets stay."""
    return text.replace("\r\n", "\n ").replace("\r", "\n")


@lru_cache(maxsize=KEPT)
def _read(text: str, start: int, end: int) -> Neighbourhood:
    if start:
        start = _cut(text, start)
    if end < len(text):
        end = _cut(text, end)
    part = text[start:end]
    quotations = tuple(Span(start + first, start + last) for first, last in _quotations(part))
    plain = list(part)
    for span in quotations:
        first, last = span.start - start + 1, span.end - start
        closed = part[last - 1] in '”"»’“' and last - 1 > first
        inner = last - first - (1 if closed else 0)
        plain[first : first + inner] = FILLER * inner
    sentences = tuple(
        Span(start + s.start, start + s.end) for s in split_sentences(Document(Source(""), part))
    )
    return Neighbourhood(text, start, "".join(plain), sentences, quotations)


def _cut(text: str, position: int) -> int:
    found = _SENTENCE_END.search(text, position, position + MAX_CUT_SHIFT)
    return found.end() if found else position


def _quotations(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each quotation with its marks; one open at a paragraph's end ends there."""
    opened, closing = -1, ""
    for match in _MARK.finditer(text):
        mark, at = match.group()[0], match.start()
        if mark == "\n":
            if opened >= 0 and _ends_paragraph(text, match):
                if at - opened > 1:
                    yield opened, at
                opened = -1
            continue
        if opened >= 0:
            if mark in closing and _closes(text, at, mark):
                if at - opened > 1:
                    yield opened, at + 1
                opened = -1
        elif _opens(text, at):
            opened, closing = at, _OPENING.get(mark, '"')
    if len(text) - opened > 1 and opened >= 0:
        yield opened, len(text)


def _opens(text: str, at: int) -> bool:
    """Whether the mark at a place opens a quotation: words follow at once, none precede it."""
    return (
        at < len(text)
        and (text[at] in _OPENING or text[at] == '"')
        and (at == 0 or not (text[at - 1].isalnum() or text[at - 1] in ".,!?…"))
        and at + 1 < len(text)
        and not text[at + 1].isspace()
    )


def _closes(text: str, at: int, mark: str) -> bool:
    """Whether the mark closes: an apostrophe does not (`the ‘miners’ plan’` ends too early)."""
    if mark == '"':
        return not text[at - 1].isspace()
    return mark != "’" or at + 1 == len(text) or not text[at + 1].isalnum()


def _ends_paragraph(text: str, line_end: re.Match[str]) -> bool:
    """Whether a line end inside a quotation ends its paragraph: a wrapped line goes on."""
    before = text[: line_end.start()].rstrip()
    return (
        line_end.group().count("\n") > 1
        or before.endswith((".", "!", "?", "…", ":"))
        or _opens(text, line_end.end())
    )
