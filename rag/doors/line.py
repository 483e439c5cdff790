"""The line in which questions wait: one is answered at a time, in the order in which they came."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
from anyio.to_thread import run_sync

from rag.errors import CitableError

# Half a second each: who comes as the last waits a minute, which is what callers wait for.
MOST_WAITING = 120
# When a line that was full has room again, with a few to spare.
RETRY_SECONDS = 10

Given = TypeVar("Given")


class BusyError(CitableError):
    """Too many questions wait already."""


class Line:
    """Runs what takes the engine, each in its turn; what only reads documents need not wait here.

    The waiting hold no thread: the server's threads stay free for those who read.
    """

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._waiting = 0
        # Gives turns in the order in which they are asked for.
        self._turn = anyio.CapacityLimiter(1)
        self._thread = anyio.CapacityLimiter(1)

    async def run(
        self, work: Callable[[], Given], has_left: Callable[[], Awaitable[bool]] | None = None
    ) -> Given:
        """What `work` gives, from a thread, once its turn comes; raises BusyError.

        `has_left` says whether the caller has gone meanwhile: then nothing is done.
        """
        if self._waiting >= self._most:
            raise BusyError(f"{self._waiting} questions wait already: ask again later")
        self._waiting += 1
        try:
            async with self._turn:
                if has_left is not None and await has_left():
                    raise BusyError("who asked did not wait for the answer")
                return await run_sync(work, limiter=self._thread)
        finally:
            self._waiting -= 1
