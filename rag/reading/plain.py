"""Decodes text files exactly: the canonical text is what the file's bytes say, unchanged."""

from __future__ import annotations

import codecs
import re
from datetime import date, datetime

import yaml
from charset_normalizer import from_bytes

from rag.errors import ReadingError
from rag.reading.dates import iso_date
from rag.reading.limits import FRONT_MATTER_CHARACTERS
from rag.reading.metadata import Metadata

# The longer marks first: that of UTF-32 begins with that of UTF-16.
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ISO_2022 = b"\x1b$"
# Random bytes hold about 10% of control characters in any one-byte encoding, text none or few
# (escape codes of a terminal, form feeds are not counted).
_MOST_CONTROLS = 0.05
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_SAMPLE = 100_000  # bytes looked at
# charset-normalizer takes many short Western texts for Baltic or Central European ones. A text
# whose letters are mostly ASCII and whose other characters are all of this list (what Western
# languages and their typesetting use most, without õ and û, which Hungarian shares in another
# encoding) is read in the commonest Western encoding.
_WESTERN_ENCODING = "cp1252"
_WESTERN = frozenset(
    "àâäáãåæçèéêëìíîïñòóôöøœùúüßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØŒÙÚÜ‘’“”‚„‹›«»–—…•·€£©®™°§½¿¡ªº\xa0\xad"
)
_MOST_WESTERN = 0.2  # of a text's letters; French has about 0.05, German 0.03
_SOME_WESTERN = 2  # of them in any text, however short
# Without a byte order mark and without NUL bytes nothing speaks for these.
_WIDE_ENCODINGS = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le"]


class _Plain(yaml.SafeLoader):
    """Merges no blocks into others: a few lines of merges can ask for more than any memory has."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None: ...


_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n(?P<yaml>(?:[^\r\n]*\r?\n){1,200}?)(?:---|\.\.\.)[ \t]*(?=\r?\n|\Z)"
)


def decode(data: bytes) -> str:
    """Return the decoded bytes; a byte order mark of UTF-8 stays as U+FEFF.

    UTF-16 and UTF-32 are known by their marks (which their codecs take away), UTF-8 is tried
    strictly, and anything else is guessed. Raises ReadingError for binary data.
    """
    for mark, encoding in _WIDE_MARKS:
        if data.startswith(mark):
            return _strict(data, encoding)
    if b"\0" in data:
        raise ReadingError("it is a binary file, not text (it holds NUL bytes)")
    if _ISO_2022 in data:  # seven-bit East Asian text, which would pass for UTF-8
        return _strict(data, _guess(data))
    refuse_controls(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _damaged(data) or _western(data) or _strict(data, _guess(data))


def front_matter(text: str) -> tuple[Metadata, int]:
    """Return the metadata and the length of a YAML block at the top (0: there is none)."""
    match = _FRONT_MATTER.match(text, 0, FRONT_MATTER_CHARACTERS)
    if not match:
        return Metadata(), 0
    try:
        block = yaml.load(match["yaml"], Loader=_Plain)
    except (yaml.YAMLError, ValueError, RecursionError):
        return Metadata(), 0
    if not isinstance(block, dict):
        return Metadata(), 0
    fields = {str(key).lower(): value for key, value in block.items()}
    return (
        Metadata(
            title=_first(fields, "title"),
            publisher=_first(fields, "publisher", "site", "sitename", "source"),
            author=_first(fields, "author", "authors", "by"),
            published=_first_date(fields, "published", "date", "publishdate", "pubdate"),
        ),
        match.end(),
    )


def refuse_controls(data: bytes) -> None:
    """Raise ReadingError where the beginning of a file is not that of any text."""
    sample = data[:_CONTROL_SAMPLE]
    if len(_CONTROL.findall(sample)) > _MOST_CONTROLS * len(sample):
        raise ReadingError("it is a binary file, not text (it is full of control characters)")


def _damaged(data: bytes) -> str:
    """UTF-8 with a few wrong bytes, which are read as U+FFFD; empty where it is not UTF-8."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return text if sum(mark > "\x7f" for mark in text) > 4 * wrong else ""


def _western(data: bytes) -> str:
    """The text of Western bytes, or an empty string."""
    try:
        text = data.decode(_WESTERN_ENCODING)
    except UnicodeDecodeError:
        return ""
    others = [mark for mark in text if mark > "\x7f"]
    letters = sum(map(str.isalpha, text))
    most = _MOST_WESTERN * letters + _SOME_WESTERN
    return text if _WESTERN.issuperset(others) and sum(map(str.isalpha, others)) <= most else ""


def _guess(data: bytes) -> str:
    best = from_bytes(data, cp_exclusion=_WIDE_ENCODINGS).best()
    if best is None:
        raise ReadingError("it is a binary file, or text in an unknown encoding; save it as UTF-8")
    return best.encoding


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadingError(
            f"it is damaged: not valid {encoding} at byte {error.start}; save it as UTF-8"
        ) from error


def _first(fields: dict[str, object], *names: str) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, list):
            value = ", ".join(item for item in value if isinstance(item, str))
        if isinstance(value, str) and value.strip():
            # YAML may name halves of characters ("\\ud83d\\ude80", as JSON writes emoji).
            whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            return " ".join(whole.split())
    return ""


def _first_date(fields: dict[str, object], *names: str) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, datetime):
            return value.date().isoformat()
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, str) and (day := iso_date(value)):
            return day
    return ""
