"""Serving: one process for the page, the API and MCP; its address, its login, its end."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import rag.cli
import rag.serving
from rag.cli import main
from rag.doors.guard import Access, Login
from rag.engine import Engine
from rag.errors import CitableError
from rag.reader.similarity import SimilarityReader
from rag.serving import launch, start
from rag.types import Evidence, Hit
from tests.browser_support import free_port, harbour
from tests.conftest import ROOT
from tests.fakes import WordEncoder

QUESTIONS = ("What do tickets cost?", "When did the library open?", "Qwertz zxcv?")
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture
def contacted(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The hosts that this process connects to or looks up, filled as it does."""
    hosts: set[str] = set()
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def noting_connect(self: socket.socket, address: Any) -> None:
        hosts.add(str(address[0]))
        connect(self, address)

    def noting_look_up(host: Any, *arguments: Any, **more: Any) -> Any:
        hosts.add(str(host))
        return look_up(host, *arguments, **more)

    monkeypatch.setattr(socket.socket, "connect", noting_connect)
    monkeypatch.setattr(socket, "getaddrinfo", noting_look_up)
    return hosts


def fetch(url: str, body: object = None, login: str = "") -> Any:
    """The JSON at an address, or the text of what is no JSON."""
    headers = {"Content-Type": "application/json"}
    if login:
        headers["Authorization"] = f"Basic {b64encode(login.encode()).decode()}"
    data = None if body is None else json.dumps(body).encode()
    with DIRECT.open(urllib.request.Request(url, data, headers), timeout=20) as response:
        text = response.read().decode()
        return json.loads(text) if "json" in response.headers["content-type"] else text


def test_one_process_serves_all_doors(engine: Engine, contacted: set[str]) -> None:
    server = start(engine, ["Who?"], Access(port=0))
    try:
        assert "Citable" in fetch(server.address)
        for question in QUESTIONS:
            answer = fetch(f"{server.address}/api/v1/ask", {"question": question})
            assert answer == engine.ask(question).to_json()
        paths = fetch(f"{server.address}/api/v1/openapi.json")["paths"]
        assert fetch(f"{server.address}/api/v1/status")["documents"] == 3
        assert len(paths) == 5
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        request = urllib.request.Request(
            f"{server.address}/mcp",
            json.dumps(call).encode(),
            {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"},
        )
        with DIRECT.open(request, timeout=20) as response:
            assert len(json.load(response)["result"]["tools"]) == 4
    finally:
        server.close()
    assert contacted <= {"127.0.0.1"}
    with pytest.raises(urllib.error.URLError):
        fetch(server.address)


def test_answers_are_the_same_for_many_at_once(engine: Engine) -> None:
    server = start(engine, access=Access(port=0))
    alone = {question: engine.ask(question).to_json() for question in QUESTIONS}

    def ask(question: str) -> bool:
        return bool(
            fetch(f"{server.address}/api/v1/ask", {"question": question}) == alone[question]
        )

    try:
        with ThreadPoolExecutor(20) as people:
            assert all(people.map(ask, QUESTIONS * 20))
    finally:
        server.close()


class Blocking(SimilarityReader):
    """Reads once it is let."""

    def __init__(self) -> None:
        super().__init__(WordEncoder())
        self.started, self.go_on = threading.Event(), threading.Event()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        self.started.set()
        assert self.go_on.wait(20)
        return super().read(question, hits)


@pytest.fixture
def blocked(engine: Engine) -> Iterator[tuple[Engine, Blocking]]:
    """An engine, with its reader, that does not end a question before it is let."""
    reader = Blocking()
    index = Path(engine.status().folder)
    with Engine.open(index, encoder=WordEncoder(), reader=reader) as opened:
        yield opened, reader


def asked_slowly(asker: ThreadPoolExecutor, address: str, reader: Blocking) -> Future[Any]:
    """A question that the reader has begun to read and does not end before it is told to."""
    slow = asker.submit(fetch, f"{address}/api/v1/ask", {"question": QUESTIONS[0]})
    assert reader.started.wait(20)
    return slow


def test_a_long_question_keeps_no_reader_waiting(blocked: tuple[Engine, Blocking]) -> None:
    engine, reader = blocked
    server = start(engine, access=Access(port=0))
    try:
        with ThreadPoolExecutor(1) as asker:
            slow = asked_slowly(asker, server.address, reader)
            assert fetch(f"{server.address}/api/v1/documents")["total"] == 3
            read = fetch(f"{server.address}/api/v1/documents/library.md?end=15")
            assert read["text"] == "# A new library"
            assert fetch(f"{server.address}/api/v1/status")["documents"] == 3
            assert "Citable" in fetch(server.address)
            assert not slow.done()
            reader.go_on.set()
            assert slow.result()["citations"][0]["quote"] == "Tickets cost 45 kronor."
    finally:
        reader.go_on.set()
        server.close()


def test_closing_waits_for_an_answer_and_gives_it_up(
    blocked: tuple[Engine, Blocking], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, reader = blocked
    monkeypatch.setattr(rag.serving, "GRACE_SECONDS", 1)
    server = start(engine, access=Access(port=0))
    try:
        with ThreadPoolExecutor(1) as asker:
            slow = asked_slowly(asker, server.address, reader)
            server.close()
            with pytest.raises((urllib.error.URLError, ConnectionError)):
                slow.result()
            assert not reader.go_on.is_set()
    finally:
        reader.go_on.set()


def test_page_api_and_mcp_need_the_login() -> None:
    login = Login.parse("ida:secret", "a test")
    server = start(harbour(), access=Access(port=0, login=login))
    try:
        for path in (
            "/",
            "/config",
            "/theme.css",
            "/api/v1/status",
            "/api/v1/openapi.json",
            "/mcp",
        ):
            with pytest.raises(urllib.error.HTTPError, match="401"):
                fetch(f"{server.address}{path}")
            with pytest.raises(urllib.error.HTTPError, match="401"):
                fetch(f"{server.address}{path}", login="ida:wrong")
        assert "Citable" in fetch(server.address, login="ida:secret")
        described = fetch(f"{server.address}/api/v1/openapi.json", login="ida:secret")
        assert "HTTPBasic" in described["components"]["securitySchemes"]
        assert fetch(f"{server.address}/api/v1/documents", login="ida:secret")["total"] == 3
    finally:
        server.close()


def test_taken_port_is_a_clear_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CitableError, match=rf"port {port} on 127\.0\.0\.1 is taken.*--port"):
            launch(harbour(), Access(port=port))


def test_impossible_addresses_are_clear_errors() -> None:
    with pytest.raises(CitableError, match="--port takes 1 to 65535"):
        launch(harbour(), Access(port=70_000))
    with pytest.raises(CitableError, match=r"cannot serve on 192\.0\.2\.1, port .*--host"):
        launch(harbour(), Access("192.0.2.1", free_port(), insecure=True))


def test_launch_prints_its_address_and_stops_on_interrupt() -> None:
    port = free_port()
    program = textwrap.dedent(f"""
        from rag.doors.guard import Access
        from rag.serving import launch
        from tests.browser_support import harbour
        launch(harbour(), Access(port={port}))
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"Citable is at http://127.0.0.1:{port}\n"
    assert "Citable" in fetch(f"http://127.0.0.1:{port}")
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert rest == "Stopped.\n"
    assert process.returncode == 0


def test_other_machines_are_served_with_a_login_that_is_never_printed(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"

    def visit() -> None:
        with pytest.raises(urllib.error.HTTPError, match="401"):
            fetch(f"{address}/api/v1/documents", login="ida:wrong-secret")
        assert fetch(f"{address}/api/v1/documents", login="ida:secret")["total"] == 3
        raise KeyboardInterrupt

    monkeypatch.setattr(rag.serving, "_wait_for_interrupt", visit)
    launch(harbour(), Access("0.0.0.0", port, Login.parse("ida:secret", "a test")))
    printed = capfd.readouterr()
    assert printed.out == f"Citable is at http://0.0.0.0:{port}\nStopped.\n"
    assert "secret" not in printed.err


def test_without_a_login_a_warning_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rag.serving, "_wait_for_interrupt", interrupt)
    for access, warning in (
        (
            Access("0.0.0.0", 0, insecure=True),
            "No login is asked for: whoever reaches it can read all.\n",
        ),
        (Access(port=0, insecure=True), ""),
    ):
        launch(harbour(), access)
        assert capsys.readouterr().err == warning


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--host", "0.0.0.0"], "others can reach '0.0.0.0'"),
        (["--host", "0.0.0.0", "--auth", "ida"], "--auth holds no login"),
        (["--auth-file", "nowhere"], "cannot read the login in 'nowhere'"),
        (["--auth", ""], "--auth holds no login"),
        (["--auth-file", ""], "cannot read the login in ''"),
        (["--name", "docs.example"], "others can reach 'docs.example': give a login"),
        (["--name", "https://docs.example"], "'https://docs.example' is no host name: --name"),
    ],
)
def test_serve_refuses_before_it_opens_anything(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CITABLE_AUTH", raising=False)
    assert main(["serve", "--index", "nowhere", *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith(f"citable: {message}")
    assert printed.err.count("\n") == 1


@pytest.fixture
def own_endings() -> Iterator[None]:
    """What signals do in this process, as it was again after a service was started in it."""
    names = [signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)]
    before = {name: signal.getsignal(name) for name in names}
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


@pytest.mark.usefixtures("own_endings")
def test_serve_passes_its_options_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Access] = []
    monkeypatch.setattr(rag.cli, "_open", lambda *_: engine)
    monkeypatch.setattr(rag.serving, "launch", lambda _, access: served.append(access))
    monkeypatch.setenv("CITABLE_AUTH", "ida:secret")
    assert main(["serve"]) == 0
    assert main(["serve", "--host", "::", "--port", "81", "--auth", "bo:word"]) == 0
    monkeypatch.delenv("CITABLE_AUTH")
    assert main(["serve", "--host", "::", "--insecure"]) == 0
    assert main(["serve", "--name", "a.example", "--name", "b.example", "--insecure"]) == 0
    assert served == [
        Access(login=Login.parse("ida:secret", "")),
        Access("::", 81, Login.parse("bo:word", "")),
        Access("::", insecure=True),
        Access(insecure=True, names=("a.example", "b.example")),
    ]
    with pytest.raises(SystemExit):
        main(["serve", "--auth", "bo:word", "--auth-file", "file"])


def test_asking_loads_no_server() -> None:
    program = textwrap.dedent("""
        import sys
        import rag.cli
        try:
            rag.cli.main(["ask", "Who?", "--index", "nowhere"])
        finally:
            print(sorted({"gradio", "fastapi", "uvicorn", "mcp", "rag.page"} & set(sys.modules)))
    """)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
    assert "no index at 'nowhere'" in done.stderr
