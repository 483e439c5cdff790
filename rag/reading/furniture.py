"""Marks the lines of a text that are page furniture, not writing: they are never quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rag.reading import patterns
from rag.reading.dates import labelled_date
from rag.types import Span

LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")

# Longer lines are writing: the longest furniture known, cookie notices, has about 250 characters.
LONGEST_LINE = 300
# The head of a page ends with its first line of writing, or after this many lines.
HEAD_LINES = 12
LONGEST_TITLE = 160  # characters; the longest headlines of news sites stay under it
# A line of writing has this many characters, or it ends a sentence and has this many words.
_WRITING_CHARACTERS, _WRITING_WORDS = 60, 8
_MOST_NAVIGATION_WORDS = 5  # in one part of a line of navigation
# Titles under a heading of other stories: how many, and of how many characters.
_MOST_STORIES, _LONGEST_STORY = 10, 110

_BARS = re.compile(r" [|›»>·•] ")
_ITEM = re.compile(r"(?:[-*•‣·]|\d{1,2}[.)])\s+\S")
# Marks of lists and headings and the beginning of emphasis: always matches, be it nothing.
_MARKS = re.compile(r"(?:[#>*_\-•‣·]{1,6}\s+)?[*_]*")
_NAME = r"[^\W\d_a-zà-ÿ][\w.'’-]*"
_BYLINE = re.compile(
    rf"(?:By|BY|by)\s+(?P<names>{_NAME}"
    rf"(?:\s+(?:and|de|van|von|der|di|la|bin|al|{_NAME})|,\s{_NAME}){{1,8}})"
    r"(?:\s*(?:,\s*|in\s+)[^.]{0,60})?"
)


def _any_of(alternatives: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in alternatives))


_ANYWHERE = _any_of(patterns.ANYWHERE)
_HEAD = _any_of(patterns.HEAD)
_NAVIGATION = re.compile(patterns.NAVIGATION)
_OFFER = re.compile(patterns.OFFER)
_OFFER_TEXT = re.compile(patterns.OFFER_TEXT)
_STORY_LIST = re.compile(patterns.STORY_LIST)


def mark_furniture(text: str, block_end: int = 0) -> tuple[Span, ...]:
    """Return the sorted ranges of the furniture lines, without spaces and line ends around them.

    `block_end` is the length of a front matter block, which is furniture as a whole, as is a
    byte order mark at the top.
    """
    top = block_end or int(text.startswith("\ufeff"))
    spans = [Span(0, top)] if top else []
    lines = _Lines()
    for match in LINE.finditer(text, top):
        line = match.group()
        content = line.strip()
        if content and lines.is_furniture(content):
            start = match.start() + line.index(content)
            spans.append(Span(start, start + len(content)))
    return tuple(spans)


def is_furniture_line(line: str, in_head: bool) -> bool:
    """Whether a line is furniture by itself; `in_head` where it stands above the writing."""
    if len(line) > LONGEST_LINE:
        return False
    plain = normal(line)
    if not plain:  # nothing but marks, such as a rule
        return bool(line.strip())
    return _is_anywhere(plain) or (in_head and (bool(_HEAD.fullmatch(plain)) or _signs(line)))


def ends_head(line: str, first: bool) -> bool:
    """Whether the head of a page ends with this line, which is no furniture.

    It ends with the first line that is long or whole enough to be a sentence of the text
    itself; the `first` line of all may be a long title.
    """
    sentence = _ends_sentence(line) and len(line.split()) >= _WRITING_WORDS
    return sentence or len(line) >= (LONGEST_TITLE if first else _WRITING_CHARACTERS)


def byline(line: str) -> str:
    """The names of a line such as `By Jane Doe and John Roe`, or an empty string."""
    match = _BYLINE.fullmatch(line.strip().strip("*_"))
    return match["names"].rstrip(", ") if match else ""


def normal(line: str) -> str:
    """The form of a line that the patterns see."""
    content = line.strip()
    marks = _MARKS.match(content)
    plain = content[marks.end() if marks else 0 :].rstrip("*_")
    return " ".join(plain.replace("’", "'").replace("‘", "'").lower().split())


class _Lines:
    """Judges lines in order: what a line is may follow from those before it."""

    def __init__(self) -> None:
        self._seen = 0
        self._in_head = self._first = True
        self._offer = False  # the line before offers a newsletter
        self._stories = 0  # how many titles of other stories may follow

    def is_furniture(self, line: str) -> bool:
        self._seen += 1
        self._in_head = self._in_head and self._seen <= HEAD_LINES
        if is_furniture_line(line, self._in_head):
            plain = normal(line)
            self._offer = bool(_OFFER.fullmatch(plain))
            if _STORY_LIST.fullmatch(plain):
                self._stories = _MOST_STORIES
            return True
        if self._belongs(line):
            self._offer = False
            self._stories = max(0, self._stories - 1)
            return True
        self._offer, self._stories = False, 0
        self._in_head = self._in_head and not ends_head(line, self._first)
        self._first = False
        return False

    def _belongs(self, line: str) -> bool:
        """Whether a line continues the offer or the list of stories above it."""
        if len(line) > LONGEST_LINE:
            return False
        if self._offer and _OFFER_TEXT.fullmatch(normal(line)):
            return True
        return (
            self._stories > 0
            and len(line) <= _LONGEST_STORY
            and not _ends_sentence(line)
            # A line that begins small is the rest of a sentence that was cut into lines.
            and (bool(_ITEM.match(line)) or not line[0].islower())
        )


def _ends_sentence(line: str) -> bool:
    return line.rstrip("\"'”’»)] ").endswith((".", "!", "?", "…", ":", ",", ";"))


@lru_cache(maxsize=4096)  # the pages of one site repeat their furniture
def _is_anywhere(plain: str) -> bool:
    return bool(_ANYWHERE.fullmatch(plain)) or _is_labelled_date(plain) or _is_navigation(plain)


def _is_labelled_date(plain: str) -> bool:
    """A bare date does not count: it may head a part of a chronicle or of minutes."""
    label, _ = labelled_date(plain)
    return bool(label)


def _is_navigation(plain: str) -> bool:
    parts = [part for part in _BARS.split(plain) if part]
    return (
        len(parts) > 1
        # A row of a table stands between bars.
        and not plain.startswith("|")
        and all(len(part.split()) <= _MOST_NAVIGATION_WORDS for part in parts)
        and any(_NAVIGATION.fullmatch(part) for part in parts)
    )


def _signs(line: str) -> bool:
    """Whether each part of a line is a date, a byline or other furniture."""
    parts = [part.strip() for part in re.split(r"[|·•]", line) if part.strip()]
    return bool(parts) and all(
        labelled_date(part)[1] or byline(part) or _is_anywhere(normal(part)) for part in parts
    )
