"""Reads the title, publisher, author and date from the first lines of a text."""

from __future__ import annotations

import re
from itertools import islice

from rag.language import DATELINE
from rag.reading.dates import iso_date, labelled_date
from rag.reading.furniture import (
    HEAD_LINES,
    LINE,
    LONGEST_LINE,
    LONGEST_TITLE,
    byline,
    ends_head,
    is_furniture_line,
)
from rag.reading.metadata import Metadata

_LEAST_TITLE_LETTERS = 3
# A first line this long beside the longest of its paragraph was cut by a line length, so it is
# the beginning of a sentence rather than a headline.
_WRAPPED = 0.7
_LONGEST_WRAPPED = 120  # characters; no line of a longer paragraph was cut by hand

_HEADING = re.compile(r"#{1,2}\s+(?P<title>.+?)\s*#*")
_EMPHASIS = re.compile(r"(\*{1,3}|`)(.+?)\1")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_LABELLED = re.compile(
    r"(?P<label>title|author|byline|by|publisher|source|published|date)\s?:\s+(?P<value>\S.{0,200})",
    re.IGNORECASE,
)
# A line that breaks off at one of these goes on below.
_BROKEN_OFF = re.compile(
    r".*\b(?:a|an|and|as|at|be|but|by|for|from|has|have|if|in|into|is|it|its|of|on|or|that|the"
    r"|their|this|to|was|were|which|who|will|with)",
    re.IGNORECASE,
)
_NOT_A_TITLE = re.compile(r"[-*•|{}<>/\[(=+`$@~\\]|\d+[.)]\s|…|\.\.\.")


def read_header(text: str, start: int = 0) -> Metadata:
    """Return what the first lines of `text[start:]` say; what they do not say is empty."""
    found = {"title": "", "publisher": "", "author": "", "published": "", "updated": ""}
    head = _head(text, start)
    first = above = True  # above the first line of writing
    for number, (line, paragraph) in enumerate(head, 1):
        if len(line) <= LONGEST_LINE and _take_signs(found, line, above):
            continue
        dateline = DATELINE.match(line[:LONGEST_LINE])
        if dateline:
            publisher = dateline["outlet"] or dateline["agency"] or ""
            found["publisher"] = found["publisher"] or publisher.strip()
            found["published"] = found["published"] or _dateline_day(dateline["after"])
        elif first and number < len(head) and not found["title"]:
            found["title"] = _title(line, paragraph)
        above = above and not ends_head(line, first)
        first = False
    return Metadata(
        found["title"],
        found["publisher"],
        found["author"],
        found["published"] or found["updated"],
    )


def _take_signs(found: dict[str, str], line: str, above: bool) -> bool:
    """Keep what a line says of its document; whether it says nothing else.

    Below the first line of writing (`above` is false) only a date with a label counts.
    """
    if above and (labelled := _LABELLED.fullmatch(line)) and _take_label(found, labelled):
        return True
    for part in re.split(r"[|·•]", line):
        label, day = labelled_date(part.strip())
        if label or above:
            key = "updated" if label == "updated" else "published"
            found[key] = found[key] or day
        if above:
            found["author"] = found["author"] or byline(part)
    return is_furniture_line(line, in_head=above)


def _head(text: str, start: int) -> list[tuple[str, list[str]]]:
    """The first lines with content, each with the lines that follow it up to a blank one."""
    matches = list(islice(LINE.finditer(text, start), 4 * HEAD_LINES))
    head: list[tuple[str, list[str]]] = []
    for number, match in enumerate(matches):
        line = match.group().strip().lstrip("\ufeff")
        if not line:
            continue
        paragraph: list[str] = []
        end = match.end()
        for after in matches[number + 1 :]:
            gap = text[end : after.start()].replace("\r\n", "\n").replace("\r", "\n")
            if gap.count("\n") > 1 or "\f" in gap or not after.group().strip():
                break
            paragraph.append(after.group().strip())
            end = after.end()
        head.append((line, paragraph))
        if len(head) == HEAD_LINES:
            break
    return head


def _take_label(found: dict[str, str], labelled: re.Match[str]) -> bool:
    label, value = labelled["label"].lower(), labelled["value"].strip()
    key = {"by": "author", "byline": "author", "source": "publisher"}.get(label, label)
    if key in ("published", "date"):
        key, value = "published", iso_date(value)
    if not value or value.endswith("."):  # "Source: we asked the ministry." is a sentence
        return False
    found[key] = found[key] or value
    return True


def _title(line: str, paragraph: list[str]) -> str:
    """The headline that a first line is, or an empty string."""
    if len(line) > LONGEST_TITLE:
        return ""
    heading = _HEADING.fullmatch(line)
    # Several such lines are a comment: "# This file is read\n# at start-up."
    if heading and not (paragraph and paragraph[0].startswith("# ")):
        return _EMPHASIS.sub(r"\2", heading["title"])
    if paragraph and _UNDERLINE.fullmatch(paragraph[0]):
        return line
    plain = _EMPHASIS.sub(r"\2", line)
    if (
        sum(mark.isalpha() for mark in plain) < _LEAST_TITLE_LETTERS
        or _NOT_A_TITLE.match(plain)
        or plain[0].islower()
        or plain.rstrip("\"'”’»)]").endswith((".", ",", ";", ":", "!", "…"))
    ):
        return ""
    return "" if heading or _is_wrapped(plain, paragraph) else " ".join(plain.split())


def _is_wrapped(line: str, paragraph: list[str]) -> bool:
    """Whether a line is the beginning of a paragraph that was cut into lines."""
    # A byline or date among its lines: they are a head, and no paragraph.
    if not paragraph or any(is_furniture_line(other, in_head=True) for other in paragraph):
        return False
    longest = max(map(len, paragraph))
    if longest > _LONGEST_WRAPPED:
        return False
    return (
        paragraph[0][0].islower()
        or bool(_BROKEN_OFF.fullmatch(line))
        or len(line) >= _WRAPPED * longest
    )


def _dateline_day(after: str) -> str:
    """The day of `, March 13, 2025`; of a dateline without a year, nothing."""
    parts = after.strip(", ").split(",")
    for number in range(len(parts)):
        if day := iso_date(",".join(parts[number:])):
            return day
    return ""
