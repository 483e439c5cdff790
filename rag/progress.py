"""Progress on standard error with rate and remaining time, where a terminal is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Called with the stage's name, how many of its parts are done and how many there are."""

# What takes less than this needs no progress.
SHOWN_AFTER_SECONDS = 1.0


def silent(stage: str, done: int, total: int) -> None:
    """A `Progress` that shows nothing."""


def counted(parts: Sequence[T], stage: str, progress: Progress) -> Iterator[T]:
    """The parts one after another; each is done when the next is asked for."""
    for number, part in enumerate(parts):
        progress(stage, number, len(parts))
        yield part
    progress(stage, len(parts), len(parts))


class Bar:
    """Shows a `Progress` as one line, which is gone when the stage or the `with` is over.

    Quiet where standard error is no terminal, or where it is `hidden`. Each stage has its own
    rate: how fast files are looked at does not say how long encoding takes.
    """

    def __init__(self, *, hidden: bool = False) -> None:
        self._hidden = hidden or not sys.stderr.isatty()
        self._stage = ""
        self._line: Any = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._hidden:
            return
        if done >= total:
            self.end()
            return
        if self._line is None or stage != self._stage or done < self._line.n:
            self.end()
            # Most commands end before there is anything to show.
            from tqdm import tqdm  # noqa: PLC0415

            self._stage = stage
            self._line = tqdm(
                desc=stage,
                total=total,
                initial=done,
                delay=SHOWN_AFTER_SECONDS,
                leave=False,
                dynamic_ncols=True,
            )
        self._line.update(done - self._line.n)

    def end(self) -> None:
        """End the present stage, before something else is printed."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
