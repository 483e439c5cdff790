"""What one file may take. One that needs more is skipped with the reason, and the rest goes on."""

from __future__ import annotations

from rag.errors import ReadingError

MEGABYTE = 1_000_000
# Of the canonical text. The whole Bible in English has 4.5 million; so many take minutes to encode
# and, with their sentences, a gigabyte.
CHARACTERS = 5_000_000
# Of a text file: no encoding takes more than four bytes for a character.
TEXT_BYTES = 4 * CHARACTERS
# Of a web page, of which a tree of some twenty times the size is made; long ones have 5 MB.
PAGE_BYTES = 20 * MEGABYTE
# Of a PDF or Word file, most of which is pictures, and of a Word file unpacked.
FILE_BYTES = UNPACKED_BYTES = 200 * MEGABYTE
# Parts of a Word file: each picture, header and list of notes is one.
PARTS = 10_000
# Of `metadata.jsonl`: 100,000 lines of what is said of a document.
METADATA_BYTES = 20 * MEGABYTE
# YAML before a text is a dozen lines, and slow to read.
FRONT_MATTER_CHARACTERS = 20_000
# For the text of one PDF, Word or web file: a page takes some 20 ms, so this is for 3,000 pages,
# and for more where the file is large enough to hold them.
SECONDS, SECONDS_A_MEGABYTE, MOST_SECONDS = 60.0, 10.0, 600.0
# What reading such a file may need beside the program itself: ten times the largest.
MEMORY_BYTES = 2_000 * MEGABYTE


def seconds_for(size: int) -> float:
    """How long reading a file of so many bytes may take."""
    return min(SECONDS + SECONDS_A_MEGABYTE * size / MEGABYTE, MOST_SECONDS)


def check_characters(count: int) -> None:
    """Raise ReadingError where a text is too long to be indexed."""
    if count > CHARACTERS:
        raise ReadingError(
            f"it holds more than {CHARACTERS:,} characters of text; divide it into several files"
        )
