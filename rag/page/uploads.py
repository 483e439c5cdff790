"""Documents that come in through the page: they lie in a folder of the index, and nowhere else.

Files of the user's own folders are never written or removed from here.
"""

from __future__ import annotations

import shutil
import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol

from gradio.utils import get_upload_folder

from rag.engine import Listed
from rag.errors import CitableError, ReadingError, UnknownDocumentError
from rag.reading import SUFFIXES, file_digest
from rag.types import IndexReport

FOLDER_NAME = "uploads"
# One file, and one lot of them: a lot is indexed in minutes. More is for `citable index FOLDER`.
MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_LOT_BYTES = 200 * 1024 * 1024
MAX_FILES = 500
# What common file systems take for one part of a path, in bytes.
MAX_PART_BYTES = 255
# Characters that turn the direction of the text after them: a name may not say what it is not.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ADDED, _REPLACED, _UNCHANGED, _REFUSED = "added", "replaced", "already there", "refused"

Progress = Callable[[str, int, int], None]


class CorpusEngine(Protocol):
    """What adding and removing needs of an engine."""

    @property
    def folder(self) -> Path: ...

    def catalogue(self) -> list[Listed]: ...

    def update(self, *paths: Path, progress: Progress = ...) -> IndexReport: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that a browser sent: the name that it has there, and where it lies here for now.

    `path` is None where the browser kept the file back, because of its name or size.
    """

    name: str
    path: Path | None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file; `detail` says how large it is in passages, or why it was refused."""

    name: str
    state: str
    detail: str = ""

    @property
    def refused(self) -> bool:
        return self.state == _REFUSED


class Uploads:
    """Adds, replaces and removes documents; one lot after another, whoever sends them."""

    def __init__(self, engine: CorpusEngine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self.folder = engine.folder.absolute() / FOLDER_NAME

    def owns(self, listed: Listed) -> bool:
        """Whether a document came in through the page, and may be removed through it."""
        return listed.path.is_relative_to(self.folder)

    def add(self, lot: Sequence[Sent], progress: Progress = lambda *_: None) -> list[Outcome]:
        """Put the files in and index them; a name that is there already is replaced.

        A file that is refused leaves the index as it was. Raises CitableError where the whole lot
        is refused or the index cannot be written; then nothing has changed.
        """
        _check_lot(lot)
        with self._lock, _changes(self.folder) as changes:
            outcomes: dict[str, Outcome] = {}
            for one in lot:
                if one.name in outcomes:
                    continue  # the same name twice in a lot: the first is taken
                outcomes[one.name] = self._place(one, changes)
            if changes.placed:
                report = self._engine.update(self.folder, progress=progress)
                for skipped in report.skipped:
                    if skipped.path in changes.placed:
                        changes.undo(skipped.path)
                        outcomes[skipped.path] = Outcome(skipped.path, _REFUSED, skipped.reason)
            changes.keep()
        passages = {str(one.path): one.passages for one in self._engine.catalogue()}
        return [self._counted(outcome, passages) for outcome in outcomes.values()]

    def remove(self, document_id: str) -> None:
        """Remove a document that came in through the page.

        Raises UnknownDocumentError, and CitableError for a document of the user's own folders.
        """
        with self._lock:
            found = next((d for d in self._engine.catalogue() if d.source.id == document_id), None)
            if found is None:
                raise UnknownDocumentError(f"there is no document '{document_id}' in the index")
            if not self.owns(found):
                raise CitableError(
                    f"'{document_id}' is a file of your own folders: remove it there, "
                    "and index the folder again"
                )
            with _changes(self.folder) as changes:
                changes.take_away(found.path.relative_to(self.folder).as_posix())
                self._engine.update(self.folder)
                changes.keep()

    def _place(self, one: Sent, changes: _Changes) -> Outcome:
        reason = unfit_name(one.name) or _unfit_file(one)
        if reason or one.path is None:
            return Outcome(one.name, _REFUSED, reason or "it did not arrive; send it again")
        target = self.folder / one.name
        try:
            if target.is_file() and file_digest(target) == file_digest(one.path):
                return Outcome(one.name, _UNCHANGED)
            replaced = changes.put(one.name, one.path)
        except (OSError, ReadingError) as error:
            why = getattr(error, "strerror", None) or error
            return Outcome(one.name, _REFUSED, f"it could not be stored ({why})")
        return Outcome(one.name, _REPLACED if replaced else _ADDED)

    def _counted(self, outcome: Outcome, passages: dict[str, int]) -> Outcome:
        count = passages.get(str(self.folder / outcome.name))
        if outcome.refused or count is None:
            return outcome
        return Outcome(outcome.name, outcome.state, f"{count:,} passage{'s' * (count != 1)}")


def uploaded(path: object) -> Path | None:
    """The file that a browser says it sent; None for anything outside the folder of such files."""
    if not isinstance(path, str) or not path:
        return None
    try:
        found = Path(path).resolve()
        inside = found.is_relative_to(Path(get_upload_folder()).resolve())
        return found if inside and found.is_file() else None
    except (OSError, ValueError):
        return None


def unfit_name(name: str) -> str:
    """Why a file of this name (a path with `/`) is not taken, or an empty string."""
    parts = name.split("/")
    kinds = ", ".join(sorted(SUFFIXES))
    if "\\" in name or any(part in ("", ".", "..") for part in parts):
        return "its name leads to another place; give it a plain name"
    if any(unicodedata.category(c) in ("Cc", "Cs") or c in _TURNING for c in name):
        return "its name has control characters; rename it"
    if any(part.startswith((".", "~$")) for part in parts):
        return "it is a hidden file; rename it if it is a document"
    if any(len(part.encode("utf-8")) > MAX_PART_BYTES for part in parts):
        return f"its name is longer than {MAX_PART_BYTES} bytes; give it a shorter one"
    if Path(name).suffix.lower() not in SUFFIXES:
        return f"this kind of file cannot be read; give one of {kinds}"
    return ""


def _unfit_file(one: Sent) -> str:
    if one.size > MAX_FILE_BYTES:
        return f"it is larger than {MAX_FILE_BYTES // 2**20} MB; split it, or use `citable index`"
    return "it is empty" if one.path is not None and one.size == 0 else ""


def _check_lot(lot: Sequence[Sent]) -> None:
    size = sum(one.size for one in lot if one.path is not None)
    if len(lot) > MAX_FILES or size > MAX_LOT_BYTES:
        raise CitableError(
            f"{len(lot):,} files of {size // 2**20:,} MB are too many at a time: send at most "
            f"{MAX_FILES} of {MAX_LOT_BYTES // 2**20} MB, or use `citable index FOLDER`"
        )


class _Changes:
    """Files put into a folder and taken from it, so that each change can be undone."""

    def __init__(self, folder: Path, kept: Path) -> None:
        self._folder = folder
        self._kept = kept
        self.placed: dict[str, Path | None] = {}  # by name, with what stood there before

    def put(self, name: str, path: Path) -> bool:
        """Move a file to its place; whether another stood there."""
        target = self._folder / name
        if not target.resolve().is_relative_to(self._folder.resolve()):
            raise OSError("its name leads to another place")
        before = self._set_aside(name) if target.is_file() else None
        self.placed[name] = before
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
        except OSError:
            self.undo(name)
            raise
        return before is not None

    def take_away(self, name: str) -> None:
        self.placed[name] = self._set_aside(name) if (self._folder / name).is_file() else None

    def undo(self, name: str) -> None:
        target, before = self._folder / name, self.placed.pop(name)
        if target.is_file():
            target.unlink()
        if before is not None:
            shutil.move(before, target)

    def keep(self) -> None:
        self.placed.clear()

    def _set_aside(self, name: str) -> Path:
        before = self._kept / str(len(self.placed))
        shutil.move(self._folder / name, before)
        return before


@contextmanager
def _changes(folder: Path) -> Iterator[_Changes]:
    """Changes that are undone unless they are kept; what they leave empty is cleared away."""
    try:
        folder.mkdir(exist_ok=True)
        # On the same disk, and hidden: indexing leaves it out.
        kept = Path(mkdtemp(prefix=".changing-", dir=folder))
    except OSError as error:
        raise CitableError(
            f"cannot write '{folder}' ({error.strerror or error}): check its permissions and the "
            "space on its disk"
        ) from error
    changes = _Changes(folder, kept)
    try:
        yield changes
    finally:
        for name in list(changes.placed):
            changes.undo(name)
        shutil.rmtree(kept, ignore_errors=True)
        _clear_empty(folder)


def _clear_empty(folder: Path) -> None:
    inner = [path for path in folder.rglob("*") if path.is_dir()]
    for path in sorted(inner, reverse=True):
        if not any(path.iterdir()):
            path.rmdir()
