"""What happens on the tab of the documents: adding, replacing, removing and reading them."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Any

import gradio as gr
from anyio.to_thread import run_sync

from rag.errors import CitableError
from rag.page.asking import sent
from rag.page.catalogue import (
    id_of,
    render_catalogue,
    render_lot,
    render_progress,
    render_reading,
)
from rag.page.render import render_header, render_notice
from rag.page.steps import Done, steps_of
from rag.page.uploads import Outcome, Sent, Uploads, uploaded
from rag.page.view import PageEngine

# What a change fills: what became of the files, the table, and the head of the page.
Changed = tuple[str, str, str]
# A stage of the indexing, how many files are through it, and how many there are.
Far = tuple[str, int, int]


class CorpusTab:
    """The events of the tab; `uploads` is None where the page may not change the documents."""

    def __init__(self, engine: PageEngine, uploads: Uploads | None) -> None:
        self._engine = engine
        self._uploads = uploads

    def table(self, wanted: str = "") -> str:
        """The table of the documents whose title, publisher or name has the wanted words."""
        try:
            owned = self._uploads.owns if self._uploads else lambda _: False
            return render_catalogue(self._engine.catalogue(), wanted, owned)
        except CitableError as error:
            return render_notice(str(error))

    def head(self) -> str:
        """The head of the page, which counts the documents."""
        try:
            return render_header(self._engine.documents())
        except CitableError as error:
            return render_notice(str(error))

    # The event loop serves everybody: what reads the index or a file is done in a thread.

    def bringing(self) -> Callable[[str, gr.EventData], AsyncIterator[Changed]]:
        """Adds the files that the browser has sent, and tells how far it is."""

        async def bring(wanted: str, event: gr.EventData) -> AsyncIterator[Changed]:
            lot, begun = _lot(event), threading.Event()
            try:
                async with aclosing(self._bring(lot, begun, wanted)) as steps:
                    async for changed in steps:
                        yield changed
            finally:
                # What has begun is not ended by leaving the page, and clears away for itself.
                if not begun.is_set():
                    _clear(lot)

        return bring

    async def _bring(
        self, lot: Sequence[Sent], begun: threading.Event, wanted: str
    ) -> AsyncGenerator[Changed, None]:
        uploads = self._uploads
        if uploads is None:
            yield await run_sync(self._changed, render_notice(_READ_ONLY), wanted)
            return
        _, table, head = await run_sync(self._changed, "", wanted)

        def add(tell: Callable[[Far], None]) -> list[Outcome]:
            begun.set()
            try:
                return uploads.add(lot, lambda *far: tell(far))
            finally:
                _clear(lot)

        async def adding(tell: Callable[[Far], None]) -> list[Outcome]:
            return await run_sync(add, tell)

        names = [one.name for one in lot]
        yield render_progress(names, "Looking at files", 0, len(lot)), table, head
        try:
            async with aclosing(steps_of(adding)) as steps:
                async for step in steps:
                    if isinstance(step, Done):
                        told = render_lot(step.value)
                    else:
                        yield render_progress(names, *step), table, head
        except CitableError as error:
            told = render_notice(str(error))
        yield await run_sync(self._changed, told, wanted)

    def discard(self, wanted: str, event: gr.EventData) -> Changed:
        """Removes a document that came in through the page."""
        document_id = id_of(sent(event, "document"))
        try:
            if self._uploads is None:
                raise CitableError(_READ_ONLY)
            self._uploads.remove(document_id)
        except CitableError as error:
            return self._changed(render_notice(str(error)), wanted)
        return self._changed(render_lot([Outcome(document_id, "removed")]), wanted)

    def read(self, event: gr.EventData) -> str:
        """A document to read, from the character on that the event names."""
        start = sent(event, "start")
        try:
            document = self._engine.document(id_of(sent(event, "document")))
        except CitableError as error:
            return render_notice(str(error))
        return render_reading(document, start if type(start) is int else 0)

    def failed(self, wanted: str) -> Changed:
        """What an error that nobody foresaw leaves behind."""
        message = "Something went wrong; the terminal says what. The documents are as they were."
        return self._changed(render_notice(message), wanted)

    def _changed(self, lot: str, wanted: str) -> Changed:
        return lot, self.table(wanted), self.head()


_READ_ONLY = (
    "this page is open to others without a login, so it changes no documents: serve it with a "
    "login, or use `citable index`"
)


def _clear(lot: Sequence[Sent]) -> None:
    """Remove what is left of the files that a browser sent."""
    for one in lot:
        if one.path is not None:
            one.path.unlink(missing_ok=True)


def _lot(event: gr.EventData) -> list[Sent]:
    """The files that an event names; only what lies in the folder of uploads is one."""
    rows: Any = sent(event, "files")
    lot = []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            path = uploaded(row.get("path"))
            told = row.get("size")
            size = path.stat().st_size if path else told if type(told) is int else 0
            lot.append(Sent(str(row.get("name")), path, size))
    return lot
