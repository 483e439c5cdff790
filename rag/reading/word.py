"""Reads the paragraphs and tables of a Word document, and what the file says of itself."""

from __future__ import annotations

import io
import lzma
import struct
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zipfile import BadZipFile, ZipFile

from rag.errors import ReadingError
from rag.reading.kinds import OLE
from rag.reading.limits import MEGABYTE, PARTS, UNPACKED_BYTES
from rag.reading.metadata import Metadata

# What python-docx and the zip module raise on parts that are missing or not what they should be.
_DAMAGE = (
    AttributeError,
    BadZipFile,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,  # a zip entry with a password, or packed in a way that zipfile cannot open
    TypeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)
# The template of python-docx, which many programs fill, gives each file this author and the
# moment at which the template itself was made.
_TEMPLATE_AUTHOR = "python-docx"
_TEMPLATE_MADE = datetime(2013, 12, 23, 23, 15)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRAPPERS = "ins moveTo sdt sdtContent smartTag customXml fldSimple".split()
_TITLE_STYLE = "Title"


def read_word(data: bytes) -> tuple[str, Metadata]:
    """Return the paragraphs and tables in order, a paragraph or row a line, and the metadata.

    The cells of a row are divided by tabs. Headers and footers are left out. Raises
    ReadingError when the file is encrypted, damaged or no Word document.
    """
    if data.startswith(OLE):
        raise ReadingError(
            "it is encrypted with a password, or an old .doc file; save it as .docx without one"
        )
    # Loading python-docx takes longer than reading hundreds of text files.
    import docx  # noqa: PLC0415
    from docx.opc.exceptions import OpcError  # noqa: PLC0415
    from lxml.etree import LxmlError  # noqa: PLC0415

    try:
        _check_unpacked(data)
        document = docx.Document(io.BytesIO(data))
        _unwrap(document.element.body)
        lines = [line for line in _lines(document) if line.strip()]
        metadata = _metadata(document)
    except (OpcError, LxmlError, *_DAMAGE) as error:
        message = " ".join(str(error).split())[:80] or type(error).__name__
        raise ReadingError(f"it is a damaged Word document ({message}); save it again") from error
    return "\n".join(lines), metadata


def _check_unpacked(data: bytes) -> None:
    """Raise ReadingError for a zip bomb; a part never unpacks to more than it says here."""
    with ZipFile(io.BytesIO(data)) as parts:
        sizes = [part.file_size for part in parts.infolist()]
    if sum(sizes) > UNPACKED_BYTES or len(sizes) > PARTS:
        raise ReadingError(
            f"its {len(sizes):,} parts unpack to {sum(sizes) // MEGABYTE:,} MB, more than the "
            f"{PARTS:,} parts and {UNPACKED_BYTES // MEGABYTE} MB that are read; save it without "
            "its pictures"
        )


def _unwrap(body: Any) -> None:
    """Put what tracked insertions, content controls and fields hold in their place.

    python-docx passes over them; what was deleted or moved away stays left out.
    """
    for element in list(body.iter(*(_W + name for name in _WRAPPERS))):
        parent = element.getparent()
        at = parent.index(element)
        parent[at : at + 1] = list(element)


def _lines(container: Any) -> Iterator[str]:
    """The lines of a document, or of a cell: a cell may hold tables of its own."""
    for block in container.iter_inner_content():
        if hasattr(block, "rows"):  # a table; the class itself is loaded late
            for row in block.rows:
                cells = dict.fromkeys(row.cells)  # a merged cell is given once for each column
                yield "\t".join(" ".join(_lines(cell)) for cell in cells)
        else:
            yield block.text.strip()


def _metadata(document: Any) -> Metadata:
    given = document.core_properties
    author = _line(given.author)
    created: datetime | None = given.created
    if created is not None and created.replace(tzinfo=None) == _TEMPLATE_MADE:
        created = None
    styled = (p.text for p in document.paragraphs if p.style and p.style.name == _TITLE_STYLE)
    return Metadata(
        title=_line(given.title) or _line(next(styled, "")),
        author="" if author == _TEMPLATE_AUTHOR else author,
        published=created.date().isoformat() if created else "",
    )


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
