"""Clients of a server by the dozen: programs on the HTTP API, people on the page, and the rude.

`load.py` measures with them, and the tests use them for seconds.
"""

from __future__ import annotations

import functools
import http.client
import json
import socket
import statistics
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

TIMEOUT_SECONDS = 300
JSON_TYPE = {"Content-Type": "application/json"}
# Who is refused does not come again at once.
PAUSE_SECONDS = 0.5


class User(Protocol):
    """Somebody who asks one question after another."""

    def ask(self, question: str) -> bytes:
        """The answer; raises OSError or HTTPException where there is none."""
        ...

    def close(self) -> None: ...


class Program:
    """A program on the HTTP API; its answers are JSON."""

    def __init__(self, address: str) -> None:
        self._connection = connect(address)

    def ask(self, question: str) -> bytes:
        return exchange(self._connection, "/api/v1/ask", {"question": question})

    def close(self) -> None:
        self._connection.close()


class Person:
    """A person on the page, each question in a new conversation; the answers are HTML.

    It speaks what Gradio's own script in a browser speaks.
    """

    def __init__(self, address: str) -> None:
        self._connection = connect(address)
        self._config = _config(address)

    def ask(self, question: str) -> bytes:
        shown = self.cause("citable-question", "submit", [question, None])[-1]
        _, _, answer, source, how = shown
        if 'class="notice"' in answer:
            raise http.client.HTTPException(answer)
        return f"{answer}{source}{how}".encode()

    def cause(self, element: str, event: str, data: list[Any], told: object = None) -> list[Any]:
        """All that an event of an element of the page shows, one after another."""
        session = uuid.uuid4().hex
        self.join(session, element, event, data, told)
        self._connection.request("GET", f"/gradio_api/queue/data?session_hash={session}")
        response = self._connection.getresponse()
        shown: list[Any] = []
        while line := response.readline():
            if not line.startswith(b"data: "):
                continue
            message = json.loads(line.removeprefix(b"data: "))
            if message["msg"] == "process_completed":
                if not message["success"]:
                    raise http.client.HTTPException(f"{event}: {message['output']}")
                shown.append(message["output"]["data"])
            elif message["msg"] == "process_generating" and not shown:
                shown.append(message["output"]["data"])  # later ones are differences
        return shown

    def join(
        self, session: str, element: str, event: str, data: list[Any], told: object = None
    ) -> None:
        """Cause an event whose outcome nobody asks for."""
        body = {
            "data": data,
            "event_data": told,
            "fn_index": self._number(element, event),
            "session_hash": session,
        }
        exchange(self._connection, "/gradio_api/queue/join", body)

    def send(self, name: str, content: bytes) -> str:
        """Send a file; where it lies on the server."""
        edge = uuid.uuid4().hex
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        )
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        self._connection.request("POST", "/gradio_api/upload", body, kind)
        return str(json.loads(_whole(self._connection))[0])

    def close(self) -> None:
        self._connection.close()

    def _number(self, element: str, event: str) -> int:
        ids = {
            part["id"]
            for part in self._config["components"]
            if part["props"].get("elem_id") == element
        }
        found = (
            number
            for number, one in enumerate(self._config["dependencies"])
            if any(id_ in ids and name == event for id_, name in one["targets"])
        )
        return next(found)


@functools.cache
def _config(address: str) -> dict[str, Any]:
    """The components and events of a server's page, which a browser fetches once."""
    connection = connect(address)
    config: dict[str, Any] = json.loads(exchange(connection, "/config"))
    connection.close()
    return config


DOORS: Mapping[str, Callable[[str], User]] = {"api": Program, "page": Person}


@dataclass(slots=True)
class Tally:
    """What the users met with: seconds of each answer, errors, answers unlike a single user's."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    different: int = 0

    def to_json(self) -> dict[str, Any]:
        times = sorted(self.seconds)
        cuts = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
        return {
            "answers": len(times),
            "errors": len(self.errors),
            "first_errors": self.errors[:3],
            "different": self.different,
            "p50_s": round(cuts[49], 3) if times else None,
            "p95_s": round(cuts[94], 3) if times else None,
            "longest_s": round(times[-1], 3) if times else None,
        }


def users(
    come: Callable[[], User],
    questions: Callable[[int], Iterator[str]],
    count: int,
    alone: Mapping[str, bytes],
) -> Tally:
    """Let so many ask at once, each the `questions` of its number, one after another.

    An answer to a question of `alone` has to be the one that is there.
    """
    tally = Tally()

    def one(number: int) -> None:
        user = come()
        for question in questions(number):
            started = time.perf_counter()
            try:
                answer = user.ask(question)
            except (OSError, http.client.HTTPException) as error:
                tally.errors.append(f"{type(error).__name__}: {error}")
                user.close()
                time.sleep(PAUSE_SECONDS)
                user = come()
                continue
            tally.seconds.append(time.perf_counter() - started)
            tally.different += alone.get(question, answer) != answer
        user.close()

    with ThreadPoolExecutor(count) as people:
        list(people.map(one, range(count)))
    return tally


def connect(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(address.removeprefix("http://"), timeout=TIMEOUT_SECONDS)


def exchange(connection: http.client.HTTPConnection, path: str, body: object = None) -> bytes:
    """What a path answers to a JSON body, or without one; raises HTTPException for a refusal."""
    if body is None:
        connection.request("GET", path)
    else:
        connection.request("POST", path, json.dumps(body), JSON_TYPE)
    return _whole(connection)


def _whole(connection: http.client.HTTPConnection) -> bytes:
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise http.client.HTTPException(f"{response.status}: {body[:200]!r}")
    return body


@contextmanager
def hinderers(address: str, question: str) -> Iterator[None]:
    """Clients that drip, do not read, or leave, for as long as the context lasts."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=_again, args=(bad, address, question, stop), daemon=True)
        for bad in (_drip, _never_read, _leave, _leave_page)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


Bad = Callable[[str, str, threading.Event], None]


def _again(bad: Bad, address: str, question: str, stop: threading.Event) -> None:
    while not stop.is_set():
        # Being thrown out is what such a client deserves.
        with suppress(OSError, http.client.HTTPException):
            bad(address, question, stop)


def _request(address: str, question: str) -> tuple[socket.socket, bytes]:
    host, port = address.removeprefix("http://").rsplit(":", 1)
    body = json.dumps({"question": question}).encode()
    head = f"POST /api/v1/ask HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    return socket.create_connection((host, int(port))), request


def _drip(address: str, question: str, stop: threading.Event) -> None:
    connection, request = _request(address, question)
    with connection:
        for byte in request:
            connection.sendall(bytes([byte]))
            if stop.wait(0.5):
                return


def _never_read(address: str, question: str, stop: threading.Event) -> None:
    connection, request = _request(address, question)
    with connection:
        connection.settimeout(1)
        for _ in range(20):
            connection.sendall(request)
        stop.wait()


def _leave(address: str, question: str, stop: threading.Event) -> None:
    connection, request = _request(address, question)
    with connection:
        connection.sendall(request)
        stop.wait(0.5)


def _leave_page(address: str, question: str, stop: threading.Event) -> None:
    """Asks on the page, looks for the answer for half a second, and shuts the browser."""
    person, session = Person(address), uuid.uuid4().hex
    person.join(session, "citable-question", "submit", [question, None])
    person._connection.request("GET", f"/gradio_api/queue/data?session_hash={session}")
    stop.wait(0.5)
    person.close()
