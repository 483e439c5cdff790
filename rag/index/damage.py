"""What goes wrong in an index's file, and how it is mended."""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rag.errors import IndexDamagedError, IndexWriteError


def rebuild_command(folder: Path, roots: Sequence[str]) -> str:
    paths = shlex.join(roots) or "PATH"
    return f"`citable index {paths} --rebuild --index {shlex.quote(str(folder))}`"


@contextmanager
def damage_reported(folder: Path) -> Iterator[None]:
    """Turn what sqlite3 raises into the error that says how to mend it."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise IndexWriteError(
                f"the index in '{folder}' is in use by another process ({error}): try again later"
            ) from error
        if code in (
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_PERM,
            sqlite3.SQLITE_IOERR,
        ):
            raise IndexWriteError(
                f"cannot use the index folder '{folder}' ({error}): check its permissions and "
                "the space on its disk"
            ) from error
        raise IndexDamagedError(
            f"the index in '{folder}' is damaged ({error}): remake it with "
            f"{rebuild_command(folder, [])}"
        ) from error
