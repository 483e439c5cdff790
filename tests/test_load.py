"""Many at once, the slow and the rude: everybody else gets the answers that a single user gets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from types import ModuleType

import pytest
from starlette.types import Receive, Scope, Send

import rag.connections
from rag.doors.attempts import MOST_WRONG, PAUSE_SECONDS, Attempts
from rag.doors.guard import Access
from rag.engine import Engine
from rag.serving import Server, start

QUESTIONS = ("What do tickets cost?", "When did the library open?", "Qwertz zxcv?")


@pytest.mark.parametrize("door", ["api", "page"])
def test_many_ask_beside_clients_that_drip_do_not_read_and_leave(
    engine: Engine, crowd: ModuleType, door: str
) -> None:
    server = start(engine, access=Access(port=0))
    try:
        single = crowd.DOORS[door](server.address)
        alone = {question: single.ask(question) for question in QUESTIONS}
        single.close()
        assert len(set(alone.values())) == len(QUESTIONS)
        with crowd.hinderers(server.address, QUESTIONS[0]):
            end = time.monotonic() + 2

            def turns(number: int) -> Iterator[str]:
                yield QUESTIONS[number % len(QUESTIONS)]
                while time.monotonic() < end:
                    number += 1
                    yield QUESTIONS[number % len(QUESTIONS)]

            tally = crowd.users(lambda: crowd.DOORS[door](server.address), turns, 20, alone)
    finally:
        server.close()
    told = tally.to_json()
    assert (told["first_errors"], told["different"]) == ([], 0)
    assert told["answers"] >= 20
    assert 0 < told["p50_s"] <= told["p95_s"] <= told["longest_s"]


async def _large(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the whole request and answers with 50 MB."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": bytes(50_000_000)})


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """Where a server listens that waits for a second, and not for a minute."""
    for name, seconds in (("LOOK", 0.1), ("REQUEST", 0.5), ("READING", 1.5)):
        monkeypatch.setattr(rag.connections, f"{name}_SECONDS", seconds)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = Server(_large, listener, "here", lambda: None)
    yield listener.getsockname()
    server.close()


def ended(connection: socket.socket) -> bool:
    """Whether the other side ends the connection within ten seconds."""
    connection.settimeout(10)
    try:
        while connection.recv(1_000_000):
            pass
    except ConnectionResetError:
        pass
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET / HT", b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nabc"],
)
def test_a_request_that_does_not_come_is_not_waited_for(
    impatient: tuple[str, int], sent: bytes
) -> None:
    with socket.create_connection(impatient) as connection:
        connection.sendall(sent)
        assert ended(connection)


def test_an_answer_that_is_not_read_is_given_up_and_a_slow_reader_is_not(
    impatient: tuple[str, int],
) -> None:
    request = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
    got = {"slow": 0, "never": 0}

    def read(name: str, pause: float, times: int) -> None:
        with socket.create_connection(impatient) as connection:
            connection.sendall(request)
            for _ in range(times):
                time.sleep(pause)
                got[name] += len(connection.recv(4_000_000))
            connection.settimeout(10)
            try:
                while data := connection.recv(4_000_000):
                    got[name] += len(data)
            except ConnectionResetError:
                pass

    threads = [
        threading.Thread(target=read, args=("slow", 0.1, 15)),
        threading.Thread(target=read, args=("never", 5.0, 1)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got["slow"] > 50_000_000
    assert got["never"] < 50_000_000


def test_wrong_logins_make_an_address_pause() -> None:
    now = [1000.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(MOST_WRONG - 1):
        attempts.note("192.0.2.1", right=False)
    assert attempts.pause("192.0.2.1") == 0
    attempts.note("192.0.2.1", right=True)  # a right one is a fresh start
    for _ in range(MOST_WRONG):
        assert attempts.pause("192.0.2.1") == 0
        attempts.note("192.0.2.1", right=False)
        attempts.note("2001:db8::1", right=False)
    assert attempts.pause("192.0.2.1") == PAUSE_SECONDS
    assert attempts.pause("192.0.2.2") == 0
    assert attempts.pause("2001:db8::2") == PAUSE_SECONDS  # of the same network
    assert attempts.pause("2001:db8:0:1::1") == 0
    # Who listens for both kinds of address sees the older kind in the newer one's form.
    assert attempts.pause("::ffff:192.0.2.1") == PAUSE_SECONDS
    assert attempts.pause("::ffff:192.0.2.2") == 0
    now[0] += PAUSE_SECONDS
    assert attempts.pause("192.0.2.1") == 0
    attempts.note("192.0.2.1", right=False)
    assert attempts.pause("192.0.2.1") == 0
