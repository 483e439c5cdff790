"""Makes whole what a reader gave a part of: a statement, the clause of a reason."""

from __future__ import annotations

import re

from rag.discourse.attribution import reported_with
from rag.discourse.quotations import neighbourhood
from rag.language import ITEM_MARK
from rag.types import Span

# A longer statement is no answer that a person reads at a glance.
MAX_STATEMENT_CHARS = 240
# So many words may be missing at the end of a reason. Of 280 reasons in events that we wrote, which
# the reader had not seen, this mends 12 and spoils none; with six words it mends 14 and spoils 2.
MAX_REASON_WORDS = 4

_AROUND = " \n\r\t“”„«»\"‘’',.;:–—"
_MARK = re.compile(rf"(?:{ITEM_MARK}|#{{1,6}})[ \t]+(?=\S)")
_PAIRS = {
    '"': '"', "“": "”", "”": "“„", "„": "“”", "«": "»", "»": "«", "(": ")", ")": "(", "[": "]",
    "]": "[",
}  # fmt: skip
# `a.m`, `U.S`: the next stop is a part of it.
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.)+[A-Za-z]$")
_CLOSES = re.compile(r"[.,!?]?([”\"])")
# What leads what is said, or what all of it is said of: `earlier that …`, `it “…”`.
_LEAD = re.compile(
    r"(?:(?:previously|earlier|again|recently|repeatedly|publicly|privately|later|before|also)\s+)?"
    r"that\s+|(?:it|this|them|him|her)\s+(?=[“\"«][^”\"»]*[”\"»][.,]?$)"
)
# What no answer ends with while its clause goes on: `the harbour of the`, `the blight of 2012`.
_DANGLING = re.compile(r"\s(?:(?P<link>of|in|at|by|with|from)|the|an|and|or)$")
_GOES_ON, _THING_FOLLOWS = re.compile(r"\s+\w"), re.compile(r"\s+(?:[A-Z0-9]|the\b|an?\b)")
_HYPHENS = ("-", "‐", "‑")
_CLAUSE_END = re.compile(r"[,;:—–“”\"]|\s-\s|[.!?](?=\s|$)|\n")


def statement(text: str, at: Span) -> Span:
    """All of what is said, of which `at` is a part: the quotation, or what a verb reports.

    Of what runs past the end of a quotation, the part in it. `at` itself where the outlet says it,
    or where the whole is longer than MAX_STATEMENT_CHARS.
    """
    at = _quoted_part(text, at)
    found = reported_with(text, at)
    whole = spoken(text, found) if found else at
    return whole if whole.contains(at) and whole.end - whole.start <= MAX_STATEMENT_CHARS else at


def spoken(text: str, reported: Span) -> Span:
    """What is said, of the words with a verb of saying, without marks around it or what leads it.

    `earlier that the plan fails` is `the plan fails`, `it “a farce”` is `a farce`.
    """
    led = _LEAD.match(text, reported.start, reported.end)
    start = led.end() if led and led.end() < reported.end else reported.start
    return _trimmed(text, Span(start, reported.end))


def reason(text: str, at: Span) -> Span:
    """A reason up to the end of its clause, where at most MAX_REASON_WORDS are missing."""
    found = _CLAUSE_END.search(text, at.end)
    end = found.start() if found else len(text)
    missing = text[at.end : end]
    # A word that is cut in two is no whole answer in any case.
    if not missing[:1].isspace() or len(missing.split()) > MAX_REASON_WORDS:
        return at
    return _trimmed(text, Span(at.start, end))


def tidy(text: str, at: Span) -> Span:
    """An answer without a list's mark, half of a pair, or a comma at its ends; with its last stop.

    `- 4 eggs` is `4 eggs`, `Mayor Holm (` is `Mayor Holm`, `2:40 a.m` is `2:40 a.m.`; of `the
    blight of 2012`, `the blight of` is `the blight`, and `-operative` of a `co-operative` is all of
    it. `at` itself where nothing would be left.
    """
    start, end = _from_word_start(text, at.start), at.end
    mark = _MARK.match(text, start, end)
    start = mark.end() if mark else start
    before = 0, 0
    while before != (start, end) and start < end:
        before = start, end
        inside = text[start:end]
        if inside[0] in " \n\r\t,;" or _is_half(inside[0], inside[1:]):
            start += 1
        elif inside[-1] in " \n\r\t,;:([“‘«" or _is_half(inside[-1], inside[:-1]):
            end -= 1
        elif (found := _DANGLING.search(text, start, end)) and _follows(text, end, found):
            end = found.start()
    if start >= end:
        return at
    if text[end : end + 1] == "." and _DOTTED.search(text[start:end]):
        end += 1
    return _closed(text, start, end)


def _follows(text: str, end: int, dangling: re.Match[str]) -> bool:
    """Whether what dangles at the end of a range belongs to what stands behind it."""
    follows = _THING_FOLLOWS if dangling["link"] else _GOES_ON
    return follows.match(text, end) is not None


def _from_word_start(text: str, start: int) -> int:
    """Where the word begins of which a range has only a hyphen and what stands behind it."""
    if text[start : start + 1] in _HYPHENS and text[start + 1 : start + 2].isalpha():
        while start and (text[start - 1].isalnum() or text[start - 1] in _HYPHENS):
            start -= 1
    return start


def _quoted_part(text: str, at: Span) -> Span:
    """What a range has of the quotation that it starts in; all of it where that goes on behind."""
    quoted = neighbourhood(text, at).quotation_at(Span(at.start, at.start + 1))
    if quoted is None or at.start == quoted.start or quoted.end >= at.end:
        return at
    return _trimmed(text, Span(at.start, quoted.end))


def _closed(text: str, start: int, end: int) -> Span:
    """The range with the mark behind it that closes a quotation opened in it."""
    closing = _CLOSES.match(text, end)
    if closing is None:
        return Span(start, end)
    inside = text[start:end]
    curly = inside.rfind("“") > inside.rfind("”")
    opened = curly if closing[1] == "”" else inside.count('"') % 2 == 1
    return Span(start, closing.end() if opened else end)


def _is_half(mark: str, rest: str) -> bool:
    """Whether a mark that opens or closes has no counterpart in the rest."""
    return mark in _PAIRS and not any(other in rest for other in _PAIRS[mark])


def _trimmed(text: str, span: Span) -> Span:
    """The range without white space, marks of quotation and punctuation around its words.

    The range itself where nothing would be left.
    """
    start, end = span.start, span.end
    while start < end and text[start] in _AROUND:
        start += 1
    while end > start and text[end - 1] in _AROUND:
        end -= 1
    return _closed(text, start, end) if start < end else span
