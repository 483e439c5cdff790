"""Tells what a file is by its first bytes, for files whose names say something else."""

from __future__ import annotations

import codecs

from rag.errors import ReadingError
from rag.reading.files import HTML_SUFFIXES, PDF_SUFFIXES, WORD_SUFFIXES
from rag.reading.plain import refuse_controls

_PDF, _ZIP = b"%PDF-", b"PK"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an encrypted .docx and an old .doc are OLE files
# A PDF may have other bytes first: readers look for its mark in so many.
_PDF_MARK_WITHIN = 1024
# Beginnings that no text has; some of these files would pass for text.
_BEGINNINGS = (
    (_PDF, "a PDF"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (OLE, "an office document"),
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"%!PS", "a PostScript file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HTML_BEGINNINGS = (b"<!doctype html", b"<html")


def check_kind(suffix: str, data: bytes) -> None:
    """Raise ReadingError where the content is of another kind than the suffix says."""
    if suffix in PDF_SUFFIXES:
        fits, wanted = _PDF in data[:_PDF_MARK_WITHIN], "a PDF"
    elif suffix in WORD_SUFFIXES:
        fits, wanted = data.startswith((_ZIP, OLE)), "a Word document"
    else:
        fits = not data.startswith(tuple(beginning for beginning, _ in _BEGINNINGS))
        wanted = "a web page" if suffix in HTML_SUFFIXES else "text"
        # Every other character of UTF-16 is a NUL; text is looked at when it is decoded.
        if fits and suffix in HTML_SUFFIXES and not data.startswith(_MARKS):
            refuse_controls(data)
    if not fits:
        raise ReadingError(
            f"it is {_kind(data)}, not {wanted}, whatever its name ends in; rename it to what it is"
        )


def _kind(data: bytes) -> str:
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data.lstrip()[:20].lower().startswith(_HTML_BEGINNINGS):
        return "a web page"
    return "something else"
