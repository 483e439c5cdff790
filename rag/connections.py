"""Ends connections whose other side neither sends nor reads; uvicorn alone waits without end."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

# A request is here in this time, body and all: at most a megabyte.
REQUEST_SECONDS = 30.0
# Of an answer something is read in this time.
READING_SECONDS = 60.0
LOOK_SECONDS = 5.0


class ImpatientProtocol(H11Protocol):
    """uvicorn's protocol, which also looks now and then whether the client goes on.

    A stream that the server holds open is left alone, as long as what is sent is read.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._asking_since = self._read_at = self.loop.time()
        self._unread = 0
        self._look = self.loop.call_later(LOOK_SECONDS, self._look_again)

    def connection_lost(self, exc: Exception | None) -> None:
        self._look.cancel()
        super().connection_lost(exc)

    def _look_again(self) -> None:
        now = self.loop.time()
        unread = self.transport.get_write_buffer_size()
        if not self._unread or unread < self._unread:
            self._read_at = now  # nothing was left to read the last time, or more than now
        self._unread = unread
        cycle: Any = self.cycle  # the request that is read or answered
        is_asking = cycle is None or cycle.response_complete or cycle.more_body
        if unread or not is_asking:
            self._asking_since = now
        if now - self._read_at > READING_SECONDS or now - self._asking_since > REQUEST_SECONDS:
            self.transport.abort()
        else:
            self._look = self.loop.call_later(LOOK_SECONDS, self._look_again)
