"""What is known about a document, and the `metadata.jsonl` files that stand beside documents."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from rag.errors import ReadingError
from rag.reading.dates import iso_date
from rag.reading.files import (
    METADATA_NAME,
    FileRef,
    explain,
    file_digest,
    leads_out,
    read_bytes,
)
from rag.reading.limits import METADATA_BYTES
from rag.types import Skipped

# Raised when the same bytes are read differently from before, so that indexes read them again.
READING_VERSION = 2

_NAME_KEYS = ("document", "file", "id")
_DATE_KEYS = ("published", "date")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title, publisher, author and publication day (ISO) of a document; unknown is empty."""

    title: str = ""
    publisher: str = ""
    author: str = ""
    published: str = ""

    def filled_from(self, other: Metadata) -> Metadata:
        """These values, with those of `other` where one is unknown."""
        return Metadata(
            *(getattr(self, item.name) or getattr(other, item.name) for item in fields(self))
        )


class MetadataIndex:
    """Finds a file's entry in the `metadata.jsonl` of its folder or of one above, up to the root.

    Each `metadata.jsonl` is read once. A line is an object that names a file with `document`,
    `file` or `id` (its path from the folder of `metadata.jsonl`, with or without the suffix;
    the bare name finds it in sub-folders as well, where no file of that name stands beside
    `metadata.jsonl`), and gives `title`, `publisher`, `author`, `published` or `date`. The
    nearest folder wins, and of two lines about one file the last.
    """

    def __init__(self) -> None:
        self._folders: dict[Path, dict[str, Metadata]] = {}
        self._problems: list[Skipped] = []

    @property
    def problems(self) -> tuple[Skipped, ...]:
        """The lines that could not be used, of the files looked at until now."""
        return tuple(self._problems)

    def entry(self, ref: FileRef) -> Metadata:
        """The metadata given for a file; empty where there is no entry."""
        relative = PurePosixPath(ref.relative)
        # From the file's own folder up to the root: parents[-1] of "a/b.txt" is ".".
        for above in relative.parents:
            folder = ref.root / above
            entries = self._load(folder, ref.root)
            if not entries:
                continue
            inside = relative.relative_to(above)
            names = [str(inside), str(inside.with_suffix(""))]
            if len(inside.parts) > 1 and not (folder / inside.name).exists():
                names += [inside.name, inside.stem]
            for name in map(_composed, names):
                if name in entries:
                    return entries[name]
        return Metadata()

    def _load(self, folder: Path, root: Path) -> dict[str, Metadata]:
        if folder in self._folders:
            return self._folders[folder]
        entries = self._folders[folder] = {}
        path = folder / METADATA_NAME
        name = path.relative_to(root).as_posix()
        try:
            if leads_out(path, root):
                raise ReadingError("it is a link that leads out of the folder; put the file there")
            lines = read_bytes(path, METADATA_BYTES).splitlines()
        except FileNotFoundError:
            return entries
        except ReadingError as error:
            self._problems.append(Skipped(name, str(error)))
            return entries
        except OSError as error:
            self._problems.append(Skipped(name, explain(error)))
            return entries
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                document, metadata = parse_entry(line)
            except ReadingError as error:
                self._problems.append(Skipped(name, f"line {number}: {error}"))
            else:
                entries[document] = metadata
        return entries


def parse_entry(line: bytes) -> tuple[str, Metadata]:
    """Return the file that a line of `metadata.jsonl` is about, and what it says of it.

    Raises ReadingError with the reason when the line does not have the documented form.
    """
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ReadingError("not valid UTF-8; save the file as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise ReadingError(f"not valid JSON ({error}); write one object a line") from None
    if not isinstance(value, dict):
        raise ReadingError("not a JSON object; write one object a line")
    document = next((text for key in _NAME_KEYS if (text := _text(value, key))), "")
    if not document:
        raise ReadingError('no file is named; give its path as "document"')
    given = next((text for key in _DATE_KEYS if (text := _text(value, key))), "")
    published = iso_date(given)
    if given and not published:
        raise ReadingError(f"{given!r} is not a date; write it as YYYY-MM-DD")
    return _composed(str(PurePosixPath(document.replace("\\", "/")))), Metadata(
        title=_text(value, "title"),
        publisher=_text(value, "publisher"),
        author=_text(value, "author"),
        published=published,
    )


def content_key(ref: FileRef, metadata: MetadataIndex | None = None) -> str:
    """Return a digest that changes when the file, its entry or the way of reading changes.

    Raises ReadingError when the file cannot be read.
    """
    entry = (metadata or MetadataIndex()).entry(ref)
    state = [READING_VERSION, file_digest(ref.path), asdict(entry)]
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode("utf-8")).hexdigest()


def _text(value: dict[str, Any], key: str) -> str:
    text = value.get(key)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise ReadingError(f"{key!r} is not a string; put it in quotation marks")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # "\ud800" is valid JSON, but no text
        raise ReadingError(f"{key!r} holds half of a character; write it again") from None
    return " ".join(text.split())


def _composed(text: str) -> str:
    """One form for names that some file systems store decomposed."""
    return unicodedata.normalize("NFC", text)
