"""What `citable index` and `citable watch` do."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from rag.encoding import Encoder, load_encoder
from rag.engine import Engine
from rag.errors import CitableError, ReadingError
from rag.progress import Bar
from rag.types import IndexReport, Skipped

EXIT_SKIPPED = 3


def run_index(options: argparse.Namespace, bar: Bar) -> int:
    """Update the index once; returns the exit status. Raises what `Engine.build` raises."""
    report, line = _update(options, None, bar)
    _tell(report.skipped)
    print(line)
    return EXIT_SKIPPED if report.skipped else 0


def run_watch(options: argparse.Namespace, bar: Bar) -> int:
    """Keep the index in step with folders until the process is told to end; returns 0.

    Raises what keeps the first update from being done; of a later one it is only said.
    """
    # Only who watches pays for its import.
    from rag.watching import follow  # noqa: PLC0415

    folders = [Path(path) for path in options.paths]
    for folder in folders:
        if not folder.is_dir():
            raise ReadingError(f"{folder}: there is no such folder to watch; check the path")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    watched = _Watched(options, load_encoder(options.model, bar), bar)
    try:
        follow(folders, Path(options.index), watched.update)
    except KeyboardInterrupt:
        # An update that this cuts short leaves the index as it was; the next start goes on.
        bar.end()
    return 0


@dataclass(slots=True)
class _Watched:
    """Updates the index again and again, and says what is new."""

    options: argparse.Namespace
    encoder: Encoder
    bar: Bar
    begun: bool = False
    failure: str = ""
    skipped: frozenset[Skipped] = field(default_factory=frozenset)

    def update(self) -> bool:
        """Whether it succeeded; raises CitableError where the first one did not."""
        try:
            report, line = _update(self.options, self.encoder, self.bar)
        except CitableError as error:
            if not self.begun:
                raise
            if self.failure != str(error):
                self.failure = str(error)
                self.bar.end()
                print(f"{_now()}  not updated: {error}", file=sys.stderr, flush=True)
            return False
        _tell(one for one in report.skipped if one not in self.skipped)
        if not self.begun or self.failure or report.added or report.changed or report.removed:
            print(f"{_now()}  {line}", flush=True)
        self.begun, self.failure, self.skipped = True, "", frozenset(report.skipped)
        return True


def _update(
    options: argparse.Namespace, encoder: Encoder | None, bar: Bar
) -> tuple[IndexReport, str]:
    """Bring the index up to date; returns what was done, and a line that says it."""
    engine = Engine.build(
        *options.paths,
        index=options.index,
        model=options.model,
        encoder=encoder,
        prune=options.prune,
        rebuild=options.rebuild,
        progress=bar,
    )
    with engine:
        report, status = engine.last_report, engine.status(with_copies=False)
    bar.end()
    assert report is not None
    return report, (
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.unchanged)} "
        f"unchanged, {len(report.removed)} removed, {len(report.skipped)} skipped; "
        f"'{status.folder}' holds {status.documents} documents in {status.passages} passages"
    )


def _tell(skipped: Iterable[Skipped]) -> None:
    for one in skipped:
        print(f"skipped {one.path}: {one.reason}", file=sys.stderr, flush=True)


def _now() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")
