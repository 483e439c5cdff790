"""Serves the page on this machine."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib.resources import as_file, files
from typing import Any

import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.errors import CitableError
from rag.page.examples import answered_examples, examples_for
from rag.page.layout import asset, build_page
from rag.page.theme import theme
from rag.page.view import PageEngine

# Examples that the page shows, and how many questions are tried to find them.
EXAMPLES, CANDIDATES = 4, 12

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


def launch(
    engine: PageEngine, *, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False
) -> None:
    """Serve the page over `engine` until interrupted; raises CitableError for a taken port."""
    _check_port(host, port)
    candidates = examples_for(engine, CANDIDATES)
    examples = candidates[:EXAMPLES]
    page = start(engine, examples, host=host, port=port, open_browser=open_browser)
    print(f"Citable is at http://{_in_url(host)}:{port}", flush=True)
    stop = threading.Event()

    def try_out() -> None:
        answered = answered_examples(engine, candidates, EXAMPLES, stop.is_set)
        if not stop.is_set():
            examples[:] = answered

    # Asking the examples leaves only those that find an answer, and warms the models, without
    # keeping the user from the page.
    trial = threading.Thread(target=try_out, daemon=True)
    trial.start()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print("Stopped.", flush=True)
    finally:
        stop.set()
        # Closing waits for browsers that are still connected; a second Ctrl-C ends that at once.
        with suppress(KeyboardInterrupt):
            page.close(verbose=False)
            trial.join()  # the caller closes the engine next


def start(
    engine: PageEngine,
    examples: Sequence[str] = (),
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
) -> gr.Blocks:
    """Start serving in a thread of its own and return the page, whose `close` ends it."""
    _check_port(host, port)
    _reach_directly(host)
    page = build_page(engine, examples)
    with as_file(files("rag.page") / "icon.svg") as icon:
        page.launch(
            server_name=_in_url(host),
            server_port=port,
            inbrowser=open_browser,
            share=False,
            quiet=True,
            prevent_thread_lock=True,
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            mcp_server=False,
            pwa=False,
            favicon_path=icon,
            theme=theme(),
            css=asset("style.css"),
            app_kwargs=_app_settings(),
        )
    return page


def _app_settings() -> dict[str, Any]:
    # The interactive API pages of FastAPI load scripts from a CDN.
    return {"middleware": [Middleware(PrivateHeaders)], "docs_url": None, "redoc_url": None}


def _check_port(host: str, port: int) -> None:
    """Raise a clear error where the server could not listen; the server's own names no remedy."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OverflowError as error:
        raise CitableError(f"there is no port {port}: --port takes 1 to 65535") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CitableError(
                f"port {port} on {host} is taken: stop the program that uses it, "
                "or choose another port with --port"
            ) from error
        raise CitableError(
            f"cannot serve on {host}, port {port} ({error.strerror}): "
            "choose another address with --host or --port"
        ) from error


def _reach_directly(host: str) -> None:
    """Keep the server's check of its own address away from a proxy set in the environment."""
    for name in ("no_proxy", "NO_PROXY"):
        known = [part for part in os.environ.get(name, "").split(",") if part]
        missing = [part for part in (host, "127.0.0.1", "localhost") if part not in known]
        os.environ[name] = ",".join([*known, *dict.fromkeys(missing)])


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
