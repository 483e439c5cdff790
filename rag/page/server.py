"""Puts the page into the application that serves it."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
from collections.abc import Callable, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.line import Line
from rag.page.layout import asset, build_page
from rag.page.theme import theme
from rag.page.uploads import MAX_FILE_BYTES
from rag.page.view import PageEngine

# The browser itself refuses whatever would leave the machine. Gradio's own scripts stand in the
# page and build functions from templates, hence the two `unsafe` words.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class PrivateHeaders:
    """ASGI middleware that adds the content security policy to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await self.app(scope, receive, send_with_headers)


@functools.cache
def keep_files_private() -> Path:
    """A folder of this process alone for what browsers send, which is removed when it ends.

    Gradio's own is one for all programs and users of the machine, and stays.
    """
    folder = Path(mkdtemp(prefix="citable-"))
    # Gradio looks here whenever it makes a page and whenever it is asked for a file.
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def mount_page(
    app: FastAPI,
    engine: PageEngine,
    examples: Sequence[str],
    host: str,
    port: int,
    *,
    line: Line,
    writable: bool,
) -> Callable[[], None]:
    """Serve the page at `/` of `app`; what is returned ends the connections of open browsers.

    Call that before the server closes, which waits for connections. Where the page is `writable`,
    documents can be added and removed through it.
    """
    keep_files_private()
    page = build_page(engine, examples, line=line, writable=writable)
    with as_file(files("rag.page") / "icon.svg") as icon:
        gr.mount_gradio_app(
            app,
            page,
            "/",
            server_name=host,
            server_port=port,
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            mcp_server=False,
            pwa=False,
            show_error=False,
            # Gradio has a path that takes files whether the page has a use for them or not.
            max_file_size=MAX_FILE_BYTES if writable else 0,
            favicon_path=str(icon),
            theme=theme(),
            css=asset("style.css"),
            # The interactive API pages of FastAPI load scripts from a CDN.
            app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        )
    mount: Any = app.routes[-1]  # put there just now

    def end_connections() -> None:
        page.is_running = False
        mount.app.stop_event.set()

    return end_connections
