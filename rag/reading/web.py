"""Reads the writing of a web page, and what the page says of itself."""

from __future__ import annotations

import logging
import re
from typing import Any

from rag.errors import ReadingError
from rag.reading.dates import iso_date
from rag.reading.metadata import Metadata

# Less than this many characters found by trafilatura (its own least size of an article) means
# that the page is no article; then all of its text is taken.
_LEAST_ARTICLE = 250
# Matched against whole tag names.
_NOT_WRITING = re.compile(
    r"script|style|noscript|template|nav|footer|form|button|select|svg|iframe|object|head"
)
_BLOCK = re.compile(
    r"address|article|aside|blockquote|body|br|caption|dd|details|div|dl|dt|fieldset|figcaption"
    r"|figure|h[1-6]|header|hr|li|main|ol|p|pre|section|summary|table|tr|ul"
)
_CELL = re.compile(r"td|th")
_SPACE = re.compile(r"\s+")  # in a page's source, line ends too are but spaces
_BLANK = re.compile(r"[ \xa0]+")
_TAB = re.compile(r" ?\t[ \t]*")

# trafilatura and what it uses report each odd page as a warning or an error of their own; a
# page that cannot be read is reported by this package.
for _name in ("trafilatura", "htmldate", "courlan", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def read_page(data: bytes) -> tuple[str, Metadata]:
    """Return the text of a page, a paragraph a line, and its metadata; nothing is fetched.

    Raises ReadingError when the bytes hold no page.
    """
    # Loading trafilatura takes longer than reading hundreds of text files.
    import trafilatura  # noqa: PLC0415

    tree = trafilatura.load_html(data)
    if tree is None:
        raise ReadingError("it is not a web page (no HTML could be found in it)")
    head_title = _line(tree.findtext(".//title"))
    found: Any = trafilatura.bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        # What the page says of itself; searching its text for dates finds those of events.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    text, metadata = "", Metadata(title=head_title)
    if found is not None:
        text = _clean(found.text or "")
        metadata = Metadata(
            title=_line(found.title) or head_title,
            publisher=_line(found.sitename),
            author=_line(found.author),
            published=iso_date(found.date or ""),
        )
    if len(text) < _LEAST_ARTICLE:
        # The extraction has changed the tree, so the page is parsed again.
        text = _whole_text(trafilatura.load_html(data)) or text
    return text, metadata


def _whole_text(tree: Any) -> str:
    """All the text of a page but scripts, navigation and forms, a block a line."""
    pieces: list[str] = []
    unseen = [(tree, False)]  # elements, and whether they were entered: pages nest deeply
    while unseen:
        element, entered = unseen.pop()
        name = element.tag if isinstance(element.tag, str) else ""  # a comment has no name
        divider = "\n" if _BLOCK.fullmatch(name) else "\t" if _CELL.fullmatch(name) else ""
        if entered:
            pieces += [divider, _SPACE.sub(" ", element.tail or "")]
        elif not name or _NOT_WRITING.fullmatch(name):
            pieces.append(_SPACE.sub(" ", element.tail or ""))
        else:
            pieces += [divider, _SPACE.sub(" ", element.text or "")]
            unseen.append((element, True))
            unseen.extend((child, False) for child in reversed(element))
    return _clean("".join(pieces))


def _clean(text: str) -> str:
    """Lines without outer or doubled spaces, no empty ones."""
    lines = (_TAB.sub("\t", _BLANK.sub(" ", line)).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
