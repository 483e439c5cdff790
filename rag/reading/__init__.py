"""Finds and reads documents: text, Markdown, web pages, PDF and Word files, always offline.

The canonical text of a text or Markdown file is the decoded file, code point for code point; of
the other kinds it is the extracted text.
"""

from __future__ import annotations

from rag.reading.document import read_document
from rag.reading.files import SUFFIXES, FileRef, Found, file_digest, find_files
from rag.reading.metadata import READING_VERSION, Metadata, MetadataIndex, content_key

__all__ = [
    "READING_VERSION",
    "SUFFIXES",
    "FileRef",
    "Found",
    "Metadata",
    "MetadataIndex",
    "content_key",
    "file_digest",
    "find_files",
    "read_document",
]
