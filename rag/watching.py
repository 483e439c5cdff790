"""Follows changes in folders; the only module that imports watchfiles."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path

from watchfiles import Change, watch

from rag.errors import ReadingError
from rag.reading.files import METADATA_NAME, SUFFIXES

# Changes are gathered until none comes for this long, so that files copied together are one
# update, but for at most this long, so that steady writing holds nothing up for ever.
QUIET_MS, LONGEST_MS = 300, 5_000
# After an update that failed: what was in its way, such as another writer, may make no change.
RETRY_SECONDS = 15.0


def follow(folders: Sequence[Path], index: Path, update: Callable[[], bool]) -> None:
    """Call `update` at once and after each change, until an exception such as KeyboardInterrupt.

    An update that returns False is called again after the next change or `RETRY_SECONDS`. Changes
    in `index` do not count. Raises ReadingError where the folders cannot be watched.
    """
    due = -math.inf
    while True:
        with closing(_changes(folders, index)) as changes:
            # The first round comes without a change: whatever happens from then on is seen.
            for changed in changes:
                if changed or time.monotonic() >= due:
                    done = update()
                    due = math.inf if done else time.monotonic() + RETRY_SECONDS
                    if not done:
                        break  # a folder that was replaced by another has to be watched anew
            else:  # a folder is gone: as soon as it is back, it is time
                due = -math.inf
                time.sleep(QUIET_MS / 1000)


def _changes(folders: Sequence[Path], index: Path) -> Generator[bool, None, None]:
    """Whether there were changes, every moment; ends where a folder is not there."""
    real, ignored = [_real(folder) for folder in folders], _real(index)

    def counts(change: Change, path: str) -> bool:
        return concerns_documents(change, _real(path), real, ignored)

    # A folder that is not there yet would be watched in vain once it is.
    if not all(folder.is_dir() for folder in folders):
        return
    try:
        for changes in watch(
            *real,
            watch_filter=counts,
            debounce=LONGEST_MS,
            step=QUIET_MS,
            rust_timeout=QUIET_MS,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            yield bool(changes)
    except FileNotFoundError:
        return
    except OSError as error:
        raise ReadingError(
            f"cannot watch {', '.join(map(str, folders))}: {error}; with the variable "
            "WATCHFILES_FORCE_POLLING set to 1 the files are looked at now and then instead"
        ) from error


def concerns_documents(change: Change, path: Path, folders: Sequence[Path], ignored: Path) -> bool:
    """Whether what changed may be a document, its metadata, or a folder of documents."""
    if path.is_relative_to(ignored):
        return False
    # What is reached by a link stands below none of the folders.
    below = [path.relative_to(folder) for folder in folders if path.is_relative_to(folder)]
    if below and all(any(p.startswith((".", "~$")) for p in one.parts) for one in below):
        return False
    return (
        path.suffix.lower() in SUFFIXES
        or path.name == METADATA_NAME
        # What is gone may have been a folder.
        or change == Change.deleted
        or path.is_dir()
    )


def _real(path: Path | str) -> Path:
    return Path(os.path.realpath(path))
