"""Progress on standard error with rate and remaining time, where a terminal is."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Called with the stage's name, how many of its parts are done and how many there are."""

# What takes less than this needs no progress; then the line is drawn so often.
SHOWN_AFTER_SECONDS, DRAWN_EVERY_SECONDS = 1.0, 0.25
_WIPE = "\r\x1b[K"


def silent(stage: str, done: int, total: int) -> None:
    """A `Progress` that shows nothing."""


def counted(parts: Sequence[T], stage: str, progress: Progress) -> Iterator[T]:
    """The parts one after another; each is done when the next is asked for."""
    for number, part in enumerate(parts):
        progress(stage, number, len(parts))
        yield part
    progress(stage, len(parts), len(parts))


@dataclass(slots=True)
class _Stage:
    name: str
    started: float
    done: int
    total: int


class Bar:
    """Shows a `Progress` as one line, which is gone when the stage or the `with` is over.

    Quiet where standard error is no terminal, or where it is `hidden`. Each stage has its own
    rate: how fast files are looked at does not say how long encoding takes. A thread draws, so
    that the time goes on while a part takes long.
    """

    def __init__(self, *, hidden: bool = False) -> None:
        self._hidden = hidden or not sys.stderr.isatty()
        self._stage: _Stage | None = None
        self._drawn = False
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._drawing: threading.Thread | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._hidden:
            return
        with self._lock:
            if done >= total:
                self._end()
            elif self._stage is None or stage != self._stage.name or done < self._stage.done:
                self._stage = _Stage(stage, time.monotonic(), done, total)
            else:
                self._stage.done, self._stage.total = done, total
        if self._drawing is None:
            self._drawing = threading.Thread(target=self._draw_on, daemon=True)
            self._drawing.start()

    def end(self) -> None:
        """End the present stage, before something else is printed."""
        with self._lock:
            self._end()

    def close(self) -> None:
        self._closed.set()
        self.end()

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _draw_on(self) -> None:
        while not self._closed.wait(DRAWN_EVERY_SECONDS):
            with self._lock:
                if self._stage is None:
                    continue
                seconds = time.monotonic() - self._stage.started
                if seconds >= SHOWN_AFTER_SECONDS:
                    line = line_of(self._stage.name, self._stage.done, self._stage.total, seconds)
                    width = shutil.get_terminal_size().columns - 1
                    sys.stderr.write(f"{_WIPE}{line[:width]}")
                    sys.stderr.flush()
                    self._drawn = True

    def _end(self) -> None:
        self._stage = None
        if self._drawn:
            sys.stderr.write(_WIPE)
            sys.stderr.flush()
            self._drawn = False


def line_of(stage: str, done: int, total: int, seconds: float) -> str:
    """What is shown of a stage that has taken `seconds` so far.

    The rate is the mean since the start: parts come in batches, so the last ones say little.
    """
    shown = f"{stage}: {done:,} of {total:,} ({done / total:.0%})"
    if not done:
        return f"{shown}, {_clock(seconds)} so far"
    rate = done / seconds
    remaining = _clock((total - done) / rate)
    return f"{shown}, {rate:,.{1 if rate < 100 else 0}f} a second, {remaining} left"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
