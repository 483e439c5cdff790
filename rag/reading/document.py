"""Reads one file of any kind into a `Document`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from rag.errors import ReadingError
from rag.reading.files import (
    HTML_SUFFIXES,
    PDF_SUFFIXES,
    TEXT_SUFFIXES,
    WORD_SUFFIXES,
    FileRef,
    explain,
    read_bytes,
)
from rag.reading.furniture import LINE, mark_furniture
from rag.reading.header import read_header
from rag.reading.kinds import check_kind
from rag.reading.limits import check_characters
from rag.reading.metadata import Metadata, MetadataIndex
from rag.reading.pdf import edge_form, read_pdf
from rag.reading.plain import decode, front_matter
from rag.reading.web import read_page
from rag.reading.word import read_word
from rag.types import Document, Source, Span


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a file gave: its text and metadata, the length of its front matter, running heads."""

    text: str
    metadata: Metadata
    block_end: int = 0
    running: frozenset[str] = frozenset()


def extract(suffix: str, data: bytes) -> Extracted:
    """The text of a file's bytes; raises ReadingError with the reason where there is none.

    What libraries raise on files made to break them is not foreseen here: `rag.reading.apart` is.
    """
    check_kind(suffix, data)
    if suffix in TEXT_SUFFIXES:
        text = decode(data)
        found = Extracted(text, *front_matter(text))
    elif suffix in HTML_SUFFIXES:
        found = Extracted(*read_page(data))
    elif suffix in PDF_SUFFIXES:
        pdf = read_pdf(data)
        found = Extracted(pdf.text, pdf.metadata, running=pdf.running)
    elif suffix in WORD_SUFFIXES:
        found = Extracted(*read_word(data))
    else:
        raise ReadingError(f"files of the kind {suffix!r} cannot be read")
    check_characters(len(found.text))
    return found


def read_document(
    ref: FileRef,
    document_id: str,
    metadata: MetadataIndex | None = None,
    extracted: Callable[[str, bytes], Extracted] = extract,
) -> Document:
    """Read a file into its canonical text with source and furniture.

    What `metadata.jsonl` says of the file comes first, then its front matter or the page's or
    file's own metadata, then its first lines. Raises ReadingError with the reason when the
    file cannot be read or holds no text.
    """
    try:
        data = read_bytes(ref.path)
    except OSError as error:
        raise ReadingError(explain(error)) from error
    if not data:
        raise ReadingError("it is empty (0 bytes)")
    read = extracted(ref.suffix, data)
    if not read.text.replace("\ufeff", "").strip():
        raise ReadingError("it is empty (no text in it)")
    entry = (metadata or MetadataIndex()).entry(ref)
    header = read_header(read.text, read.block_end)
    own = read.metadata
    if header.published and ref.suffix in PDF_SUFFIXES | WORD_SUFFIXES:
        # These files know when they were made; the day that is printed on them is the better.
        own = replace(own, published=header.published)
    known = entry.filled_from(own).filled_from(header)
    source = Source(
        id=document_id,
        title=known.title,
        publisher=known.publisher,
        author=known.author,
        published=known.published,
        sha256=hashlib.sha256(data).hexdigest(),
    )
    return Document(source, read.text, _furniture(read))


def _furniture(read: Extracted) -> tuple[Span, ...]:
    spans = set(mark_furniture(read.text, read.block_end))
    if read.running:
        for line in LINE.finditer(read.text):
            if edge_form(line.group()) in read.running:
                lead = re.match(r"\s*", line.group())
                start = line.start() + (lead.end() if lead else 0)
                spans.add(Span(start, start + len(line.group().strip())))
    return tuple(sorted(spans))
