"""One process that serves the page at `/`, the HTTP API below `/api/v1` and MCP at `/mcp`."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import uvicorn
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.connections import ImpatientProtocol
from rag.doors import api, mcp
from rag.doors.guard import Access, Guard, in_url, is_under
from rag.doors.service import Service
from rag.engine import Engine
from rag.errors import CitableError
from rag.line import Line
from rag.page import PrivateHeaders, answered_examples, examples_for, mount_page
from rag.results import Abstention, Answer

# Examples that the page shows, and how many questions are tried to find them.
EXAMPLES, CANDIDATES = 4, 12
# What a closing server waits for: a browser that reads an answer, not one that stays connected.
GRACE_SECONDS = 3
POLL_SECONDS = 0.01


class Doors:
    """Sends each request to the application that its path names; `page` has all other paths."""

    def __init__(self, doors: Mapping[str, ASGIApp], page: ASGIApp) -> None:
        self.doors = doors
        self.page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")  # starting and stopping have none, and are the page's
        behind = [app for prefix, app in self.doors.items() if is_under(path, (prefix,))]
        await (behind or [self.page])[0](scope, receive, send)


class Server:
    """What serves in a thread of its own; `address` is where, `close` ends it."""

    def __init__(
        self,
        app: ASGIApp,
        listener: socket.socket,
        address: str,
        before_closing: Callable[[], None],
    ) -> None:
        self.address = address
        self._before_closing = before_closing
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=ImpatientProtocol,
                log_level="warning",
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, daemon=True
        )
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise CitableError(f"{address} could not be served: the lines above say why")
            time.sleep(POLL_SECONDS)

    def close(self) -> None:
        """End serving; what is being answered has `GRACE_SECONDS` to end, and is then given up."""
        self._before_closing()
        self._server.should_exit = True
        self._thread.join()


def launch(engine: Engine, access: Access = Access()) -> None:  # noqa: B008
    """Serve over `engine` until interrupted; raises CitableError for a taken port."""
    candidates, line = examples_for(engine, CANDIDATES), Line()
    examples = candidates[:EXAMPLES]
    server = start(engine, examples, access, line)
    if not (access.is_local or access.login):
        print("No login is asked for: whoever reaches it can read all.", file=sys.stderr)
    print(f"Citable is at {server.address}", flush=True)
    stop = threading.Event()

    def ask(question: str) -> Answer | Abstention:
        with line.turn("examples"):
            return engine.ask(question)

    def try_out() -> None:
        answered = answered_examples(ask, candidates, EXAMPLES, stop.is_set)
        if not stop.is_set():
            examples[:] = answered

    # Asking the examples leaves only those that find an answer, and warms the models, without
    # keeping the user from the page.
    trial = threading.Thread(target=try_out, daemon=True)
    trial.start()
    try:
        _wait_for_interrupt()
    except KeyboardInterrupt:
        print("Stopped.", flush=True)
    finally:
        stop.set()
        # A second Ctrl-C ends the waiting for what is being answered.
        with suppress(KeyboardInterrupt):
            server.close()
            trial.join()  # the caller closes the engine next


def start(
    engine: Engine,
    examples: Sequence[str] = (),
    access: Access = Access(),  # noqa: B008
    line: Line | None = None,
) -> Server:
    """Start serving in a thread of its own; raises CitableError where it cannot listen.

    The questions of all doors wait in one `line`.
    """
    listener = _listen(access.host, access.port)
    access = replace(access, port=listener.getsockname()[1])
    service = Service(engine, line or Line())
    tools = mcp.build_mcp(service)
    doors: dict[str, ASGIApp] = {
        "/api": api.build_api(service, login=access.login is not None),
        mcp.PATH: mcp.http_app(tools),
    }
    page = FastAPI(
        openapi_url=None,
        lifespan=lambda _: tools.session_manager.run(),
        # It lets no other site in. Gradio lets every site read the page unless it sees one here.
        middleware=[Middleware(CORSMiddleware)],
    )
    # Who may only read, because nobody is asked for a login, changes nothing.
    writable = access.is_local or access.login is not None
    end_page = mount_page(
        page, engine, examples, access.host, access.port, line=service.line, writable=writable
    )
    app = PrivateHeaders(Guard(Doors(doors, page), access))
    address = f"http://{in_url(access.host)}:{access.port}"
    return Server(app, listener, address, end_page)


def _wait_for_interrupt() -> None:
    threading.Event().wait()


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address; raises a clear error where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        if os.name == "posix":
            # A port left a moment ago may be taken again; elsewhere this would share a taken one.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OverflowError as error:
        listener.close()
        raise CitableError(f"there is no port {port}: --port takes 1 to 65535") from error
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CitableError(
                f"port {port} on {host} is taken: stop the program that uses it, "
                "or choose another port with --port"
            ) from error
        raise CitableError(
            f"cannot serve on {host}, port {port} ({error.strerror}): "
            "choose another address with --host or --port"
        ) from error
    return listener
