"""Finds the files to read and says what identifies each of them."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ReadingError
from rag.types import Skipped

TEXT_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown"})
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
PDF_SUFFIXES = frozenset({".pdf"})
WORD_SUFFIXES = frozenset({".docx"})
SUFFIXES = TEXT_SUFFIXES | HTML_SUFFIXES | PDF_SUFFIXES | WORD_SUFFIXES

METADATA_NAME = "metadata.jsonl"

_DIGEST_CHUNK = 1 << 20  # bytes read at once: large files never stand in memory whole


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
    links end. Raises ReadingError when the path is missing, is a file of another suffix, or
    is a folder that cannot be listed.
    """
    absolute = Path(os.path.abspath(path))
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
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_DIGEST_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise ReadingError(explain(error)) from error
    return digest.hexdigest()


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
            if entry.is_dir():
                (linked if entry.is_symlink() else waiting).append(path)
            elif path.suffix.lower() in SUFFIXES:
                ref = FileRef(path, root, path.relative_to(root).as_posix())
                if reason := _unfit(entry, ref.relative):
                    skipped.append(Skipped(_printable(ref.relative), reason))
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


def _unfit(entry: os.DirEntry[str], relative: str) -> str:
    """Why an entry cannot be a document, or an empty string."""
    if not entry.is_file():
        kind = "a link that leads nowhere" if entry.is_symlink() else "not a regular file"
        return f"it is {kind}"
    if _printable(relative) != relative:
        return "its name is not valid UTF-8; rename it"
    return ""


def _printable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
