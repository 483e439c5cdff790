"""Finds the files to read and says what identifies each of them."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rag.errors import ReadingError
from rag.reading.limits import FILE_BYTES, MEGABYTE, PAGE_BYTES, TEXT_BYTES
from rag.types import Skipped

TEXT_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown"})
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
PDF_SUFFIXES = frozenset({".pdf"})
WORD_SUFFIXES = frozenset({".docx"})
SUFFIXES = TEXT_SUFFIXES | HTML_SUFFIXES | PDF_SUFFIXES | WORD_SUFFIXES

METADATA_NAME = "metadata.jsonl"

_NOT_REGULAR = "it is not a regular file"
_DIGEST_CHUNK = 1 << 20  # bytes read at once: large files never stand in memory whole
# A pipe that took a file's place would keep whoever opens it waiting for a writer.
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
# Line ends and codes for terminals would forge lines of a report; marks that turn the direction of
# writing make a name read as another.
_DECEIVING = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]")


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file to read: `root` is the folder that the user gave (a single file's parent).

    `path` and `root` are absolute; `relative` is the POSIX path from `root` to `path`.
    """

    path: Path
    root: Path
    relative: str

    @property
    def suffix(self) -> str:
        """The suffix in lower case, with its dot."""
        return self.path.suffix.lower()


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a path, sorted by relative path, and what could not be looked at."""

    files: tuple[FileRef, ...]
    skipped: tuple[Skipped, ...]


def find_files(path: Path) -> Found:
    """Return the readable files of a file or folder (recursively), and the skipped ones.

    Hidden files and folders, office lock files (`~$…`) and `metadata.jsonl` are left out, and
    so are files of other suffixes in a folder; each real folder is entered once, so loops of
    links end. Links that lead out of the folder are skipped: whoever filled the folder is not to
    choose which of the reader's own files are shown to others. Raises ReadingError when the path
    is missing, is a file of another suffix, or is a folder that cannot be listed.
    """
    absolute = Path(os.path.abspath(path))
    if _printable(str(absolute)) != str(absolute):
        named = _printable(str(path))
        raise ReadingError(
            f"{named}: its path is not valid UTF-8, or holds control characters; rename it"
        )
    try:
        mode = absolute.stat().st_mode
    except FileNotFoundError:
        raise ReadingError(f"{path}: there is no such file or folder; check the path") from None
    except OSError as error:
        raise ReadingError(f"{path}: {explain(error)}") from error
    if stat.S_ISDIR(mode):
        return _find_in_folder(absolute)
    if absolute.suffix.lower() not in SUFFIXES:
        kinds = ", ".join(sorted(SUFFIXES))
        raise ReadingError(f"{path}: this kind of file cannot be read; give one of {kinds}")
    if not stat.S_ISREG(mode):
        raise ReadingError(f"{path}: this is neither a regular file nor a folder")
    return Found((FileRef(absolute, absolute.parent, absolute.name),), ())


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal; raises ReadingError."""
    digest, size, most = hashlib.sha256(), 0, most_bytes(path)
    try:
        with _open(path) as file:
            _check_size(os.fstat(file.fileno()).st_size, most)
            while chunk := file.read(_DIGEST_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                _check_size(size, most)  # the file may be growing
    except OSError as error:
        raise ReadingError(explain(error)) from error
    return digest.hexdigest()


def read_bytes(path: Path, most: int = 0) -> bytes:
    """Return a regular file's bytes, at most `most` (0: as many as its kind may have).

    Raises ReadingError for a longer one, which is not read to its end, and OSError.
    """
    most = most or most_bytes(path)
    with _open(path) as file:
        _check_size(os.fstat(file.fileno()).st_size, most)
        data = file.read(most + 1)
    _check_size(len(data), most)
    return data


def most_bytes(path: Path) -> int:
    """How large a file of this name may be."""
    suffix = path.suffix.lower()
    if suffix in PDF_SUFFIXES | WORD_SUFFIXES:
        return FILE_BYTES
    return PAGE_BYTES if suffix in HTML_SUFFIXES else TEXT_BYTES


def leads_out(path: Path, root: Path) -> bool:
    """Whether what a path names, all links followed, lies outside a folder."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _open(path: Path) -> BinaryIO:
    descriptor = os.open(path, _OPEN)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ReadingError(_NOT_REGULAR)
    return os.fdopen(descriptor, "rb")


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise ReadingError(
            f"it is larger than the {most // MEGABYTE} MB that a file of its kind may have; "
            "divide it into several files"
        )


def explain(error: OSError) -> str:
    """A one-line reason with the way to mend it."""
    if isinstance(error, PermissionError):
        return "permission denied; give yourself the right to read it"
    if isinstance(error, FileNotFoundError):
        return "it is not there any more; index the folder again"
    return f"the system could not read it ({error.strerror or error})"


def _find_in_folder(root: Path) -> Found:
    files: list[FileRef] = []
    skipped: list[Skipped] = []
    entered: set[tuple[int, int]] = set()
    # Linked folders wait until all real ones are done, so that a folder reached both ways
    # keeps its real name.
    waiting, linked = [root], list[Path]()
    while waiting or linked:
        folder = waiting.pop() if waiting else linked.pop()
        name = _printable(folder.relative_to(root).as_posix())
        try:
            state = folder.stat()
            if (state.st_dev, state.st_ino) in entered:
                continue
            entered.add((state.st_dev, state.st_ino))
            entries = sorted(_visible(folder), key=lambda entry: entry.name)
        except OSError as error:
            if folder == root:
                raise ReadingError(f"{root}: {explain(error)}") from error
            skipped.append(Skipped(name, f"folder not looked into: {explain(error)}"))
            continue
        for entry in entries:
            path = folder / entry.name
            ref = FileRef(path, root, path.relative_to(root).as_posix())
            is_folder = _is(entry.is_dir)
            if not is_folder and ref.suffix not in SUFFIXES:
                continue
            if reason := _unfit(entry, ref, is_folder):
                skipped.append(Skipped(_printable(ref.relative), reason))
            elif is_folder:
                (linked if entry.is_symlink() else waiting).append(path)
            else:
                files.append(ref)
    files.sort(key=lambda ref: ref.relative)
    skipped.sort(key=lambda item: item.path)
    return Found(tuple(files), tuple(skipped))


def _visible(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith((".", "~$")) and entry.name != METADATA_NAME:
                yield entry


def _is(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except OSError:  # a link to itself, or to where one may not look
        return False


def _unfit(entry: os.DirEntry[str], ref: FileRef, is_folder: bool) -> str:
    """Why an entry cannot be a document or a folder of some, or an empty string."""
    if _printable(entry.name) != entry.name:
        return "its name is not valid UTF-8, or holds control characters; rename it"
    if entry.is_symlink() and leads_out(ref.path, ref.root):
        return "it is a link that leads out of the folder; index what it leads to by its own path"
    if not is_folder and not _is(entry.is_file):
        return "it is a link that leads nowhere" if entry.is_symlink() else _NOT_REGULAR
    return ""


def _printable(name: str) -> str:
    encodable = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return _DECEIVING.sub(lambda found: f"\\u{ord(found[0]):04x}", encodable)
