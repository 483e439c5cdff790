"""Counts wrong logins, so that nobody tries passwords without end."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from rag.addresses import network_of

# People mistype a password a few times; a program that guesses gets one a minute on average.
MOST_WRONG, PAUSE_SECONDS = 10, 600.0
# Addresses that are remembered; the one that was wrong longest ago is forgotten first.
MOST_ADDRESSES = 10_000


class Attempts:
    """The wrong logins of each address; after `MOST_WRONG` in a row it has to pause."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def pause(self, address: str) -> int:
        """For how many seconds no login of an address is looked at; 0 for most."""
        count, last = self._wrong.get(network_of(address), (0, 0.0))
        if count < MOST_WRONG:
            return 0
        return max(0, math.ceil(last + PAUSE_SECONDS - self._clock()))

    def note(self, address: str, *, right: bool) -> None:
        """Remember how a login went."""
        network = network_of(address)
        count, last = self._wrong.pop(network, (0, 0.0))
        if right:
            return
        if self._clock() - last >= PAUSE_SECONDS:
            count = 0
        self._wrong[network] = count + 1, self._clock()
        while len(self._wrong) > MOST_ADDRESSES:
            self._wrong.popitem(last=False)
