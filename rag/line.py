"""The line in which questions wait: one is answered at a time, and whoever asks has a turn.

Those who wait have turns one after another (round robin), each with the questions in the order in
which they came: somebody with a hundred questions keeps somebody with one waiting for one more.
Where the line is full, the last question of whoever has most in it gives way (longest queue drop:
McKenney, "Stochastic Fairness Queueing", 1990).
"""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from rag.addresses import network_of
from rag.errors import CitableError

# Half a second each: who comes as the last waits a minute, which is what callers wait for.
MOST_WAITING = 120
# When a line that was full has room again, with a few to spare.
RETRY_SECONDS = 10
# Between two looks at whether somebody who waits is still there.
LOOK_SECONDS = 1.0

Given = TypeVar("Given")


class BusyError(CitableError):
    """Too many questions wait already."""


def client_of(door: str, address: str | None) -> str:
    """Who has a turn: an address at a door, since a program and a person may share a machine."""
    return f"{door} {network_of(address or '')}"


@dataclass(eq=False, frozen=True, slots=True)
class _Place:
    """One question's place; `turn` is done once it is its turn, or fails where it gave way."""

    client: str
    turn: Future[None] = field(default_factory=Future)


class Line:
    """Gives turns to those who take the engine; what only reads documents need not wait here.

    Threads wait with `turn`, and coroutines of any event loop with `run`, which holds no thread
    while it waits: the server's threads stay free for those who read.
    """

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._holder: _Place | None = None
        # By client, in the order in which they have their turns; nobody with nothing.
        self._waiting: OrderedDict[str, deque[_Place]] = OrderedDict()
        self._worker = ThreadPoolExecutor(1, "line")

    @contextmanager
    def turn(self, client: str) -> Iterator[None]:
        """Wait for a turn and have it as long as the context lasts; raises BusyError."""
        place = self._join(client)
        try:
            place.turn.result()
            yield
        finally:
            self._leave(place)

    async def run(
        self,
        work: Callable[[], Given],
        client: str,
        *,
        has_left: Callable[[], Awaitable[bool]] | None = None,
        waiting: Callable[[int], None] = lambda _: None,
    ) -> Given:
        """What `work` gives, from a thread, once its turn comes; raises BusyError.

        `has_left` says whether the caller has gone meanwhile: then nothing is done. `waiting` is
        told every `LOOK_SECONDS` how many questions come before.
        """
        place = self._join(client)
        doing: Future[Given] | None = None
        try:
            await self._come(place, has_left, waiting)
            doing = self._worker.submit(work)
            return await asyncio.wrap_future(doing)
        finally:
            # What is being done keeps its turn to its end, also where nobody waits for it now.
            if doing is None:
                self._leave(place)
            else:
                doing.add_done_callback(lambda _: self._leave(place))

    async def _come(
        self,
        place: _Place,
        has_left: Callable[[], Awaitable[bool]] | None,
        waiting: Callable[[int], None],
    ) -> None:
        turn = asyncio.wrap_future(place.turn)
        while True:
            done, _ = await asyncio.wait([turn], timeout=LOOK_SECONDS)
            if done:
                turn.result()
            if has_left is not None and await has_left():
                raise BusyError("who asked did not wait for the answer")
            if done:
                return
            waiting(self._before(place))

    def _join(self, client: str) -> _Place:
        place = _Place(client)
        with self._lock:
            if self._count() >= self._most:
                self._make_room(client)
            if self._holder is None:
                self._holder = place
                place.turn.set_result(None)
            else:
                self._waiting.setdefault(client, deque()).append(place)
        return place

    def _leave(self, place: _Place) -> None:
        """Take a place out of the line; the turn of whoever had it passes on."""
        with self._lock:
            own = self._waiting.get(place.client, deque())
            if place in own:
                own.remove(place)
                if not own:
                    del self._waiting[place.client]
            if place is not self._holder:
                return
            self._holder = None
            if self._waiting:
                client, places = next(iter(self._waiting.items()))
                self._holder = places.popleft()
                if places:
                    self._waiting.move_to_end(client)
                else:
                    del self._waiting[client]
                self._holder.turn.set_result(None)

    def _make_room(self, client: str) -> None:
        """Let the last question of whoever has most waiting give way; raises BusyError."""
        full = f"{self._count():,} questions wait already"
        own = len(self._waiting.get(client, ()))
        most, places = max(((len(p), p) for p in self._waiting.values()), default=(0, deque()))
        if own + 1 >= most:
            raise BusyError(f"{full}: ask again later")
        error = BusyError(f"{full}, {most:,} of them yours, and others came: ask again later")
        places.pop().turn.set_exception(error)

    def _before(self, place: _Place) -> int:
        """How many questions come before one that waits, the one that is being answered too."""
        with self._lock:
            own = self._waiting.get(place.client, deque())
            if place not in own:
                return 0
            rounds, before, passed = own.index(place), 1, False
            for client, places in self._waiting.items():
                passed = passed or client == place.client
                before += rounds if places is own else min(len(places), rounds + (not passed))
            return before

    def _count(self) -> int:
        waiting = sum(len(places) for places in self._waiting.values())
        return waiting + (self._holder is not None)
