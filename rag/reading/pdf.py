"""Reads the text layer of a PDF, and what the file says of itself."""

from __future__ import annotations

import io
import logging
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rag.errors import ReadingError
from rag.reading.limits import check_characters
from rag.reading.metadata import Metadata

if TYPE_CHECKING:
    from pypdf import PdfReader

# What pypdf raises, beside its own errors, on objects that are not what they should be.
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)
# Names that programs write for a document that was given none.
_NO_NAME = re.compile(
    r"(?i)(?:untitled.*|\(?(?:anonymous|unspecified|unknown)\)?|microsoft word - .*"
    r"|.*\.(?:pdf|docx?|indd|tex|dvi|rtf|odt|pptx?|xlsx?)|admin|user|owner)"
)
_WORD_CUT = re.compile(r"(?<!\w)(?P<left>[^\W\d_]+)(?:-|\u00ad)\n(?P<right>[^\W\d_]+)")
# A line at the edge of so many pages, and of half of them, is a running head or foot.
_RUNNING_PAGES = 3

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # each flaw of a file would be a line


@dataclass(frozen=True, slots=True)
class PdfText:
    """A PDF's text, its metadata, and its running heads and feet (lines, digits as 0)."""

    text: str
    metadata: Metadata
    running: frozenset[str]


def read_pdf(data: bytes) -> PdfText:
    """Return the text of all pages, an empty line between two, with its metadata.

    Words cut at line ends are joined. An encryption with an empty password is opened. Raises
    ReadingError when the file is encrypted, damaged, or has no text layer.
    """
    # Loading pypdf takes longer than reading hundreds of text files.
    from pypdf import PdfReader  # noqa: PLC0415
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadingError(
                "it is encrypted with a password; save a copy without one and index that"
            )
        pages = _pages(reader)
        metadata = _metadata(reader)
    except (DependencyError, FileNotDecryptedError):
        raise ReadingError(
            "it is encrypted in a way that cannot be opened; save a copy without encryption"
        ) from None
    except (PyPdfError, *_DAMAGE) as error:
        raise ReadingError(f"it is a damaged PDF ({_short(error)}); save it again") from error
    text = _join("\n\n".join("\n".join(page) for page in pages if page))
    if not text:
        raise ReadingError(
            f"its {len(pages)} pages hold no text, perhaps it is a scan; "
            "make its text readable (OCR) first"
            if pages
            else "it is a PDF without pages"
        )
    return PdfText(text, metadata, _running(pages))


def _pages(reader: PdfReader) -> list[list[str]]:
    """The lines of each page; raises ReadingError once they are too much, however many follow."""
    pages: list[list[str]] = []
    characters = 0
    for page in reader.pages:
        pages.append(_lines(page.extract_text()))
        characters += sum(map(len, pages[-1]))
        check_characters(characters)
    return pages


def edge_form(line: str) -> str:
    """The form in which running heads are compared: page numbers differ."""
    return re.sub(r"\d+", "0", line.strip().lower())


def _lines(text: str) -> list[str]:
    # Some fonts map to NULs and lone halves of characters, which no text has.
    sound = text.encode("utf-8", "ignore").decode("utf-8").replace("\0", "")
    lines = (line.rstrip() for line in sound.splitlines())
    return [line for line in lines if line.strip()]


def _running(pages: list[list[str]]) -> frozenset[str]:
    edges = Counter(
        form for page in pages for form in {edge_form(page[i]) for i in (0, -1) if page}
    )
    least = max(_RUNNING_PAGES, len(pages) / 2)
    return frozenset(form for form, count in edges.items() if count >= least)


def _join(text: str) -> str:
    """Join words cut at line ends; a hyphen stays where the document writes the word with it."""

    def joined(match: re.Match[str]) -> str:
        left, right = match["left"], match["right"]
        if not right[0].islower():
            return match.group()
        return f"{left}-{right}" if f"{left}-{right}" in text else f"{left}{right}"

    return _WORD_CUT.sub(joined, text)


def _metadata(reader: PdfReader) -> Metadata:
    given = reader.metadata
    if given is None:
        return Metadata()
    try:
        created: datetime | None = given.creation_date
    except ValueError:  # a date that is none
        created = None
    return Metadata(
        title=_name(given.title),
        author=_name(given.author),
        published=created.date().isoformat() if created else "",
    )


def _name(value: object) -> str:
    name = " ".join(str(value or "").replace("\0", "").split())
    return "" if _NO_NAME.fullmatch(name) else name


def _short(error: BaseException) -> str:
    message = " ".join(str(error).split()) or type(error).__name__
    return message if len(message) <= 80 else f"{message[:79]}…"
