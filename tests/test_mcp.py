"""The MCP server, with the SDK's own client: in the process, over HTTP, over standard input."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from starlette.testclient import TestClient

from rag.doors.guard import Access, Login
from rag.doors.mcp import PAGE_CHARS, build_mcp, http_app
from rag.doors.service import MAX_BODY_BYTES, Service
from rag.engine import Engine
from rag.errors import CitableError
from rag.serving import Server, start
from rag.types import Source
from tests.browser_support import FakeEngine
from tests.conftest import ROOT

QUESTION = "What do tickets cost?"
# The protocol of 2025, which begins with a handshake, and that of 2026.
MODES = ("legacy", "auto")
# `citable mcp` with the tests' encoder and reader, so that it starts at once.
PROGRAM = """
import sys, rag.cli
from rag.engine import Engine
from rag.reader.similarity import SimilarityReader
from tests.fakes import WordEncoder
encoder = WordEncoder()
reader = SimilarityReader(encoder)
rag.cli._open = lambda options, _: Engine.open(options.index, encoder=encoder, reader=reader)
sys.exit(rag.cli.main(["mcp", "--index", sys.argv[1]]))
"""


@pytest.fixture
def server(engine: Engine) -> Iterator[Server]:
    served = start(engine, access=Access(port=0))
    yield served
    served.close()


def asked(server: Any, *calls: tuple[str, dict[str, Any]], mode: str = "auto") -> list[Any]:
    """The results of these calls of tools, made by one client; an MCPError where one fails."""

    async def ask() -> list[Any]:
        results: list[Any] = []
        async with Client(server, mode=mode) as client:
            for name, arguments in calls:
                try:
                    results.append(await client.call_tool(name, arguments))
                except MCPError as error:
                    results.append(error)
        return results

    return anyio.run(ask)


def given(result: Any) -> Any:
    """What a tool gives as structured content, which the text has to repeat."""
    assert not result.is_error
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


def refused(result: Any) -> str:
    assert result.is_error
    return str(result.content[0].text)


def check_all_tools(server: Any, engine: Engine, mode: str) -> None:
    answer, unknown, found, part, listed = asked(
        server,
        ("ask", {"question": QUESTION}),
        ("ask", {"question": QUESTION, "documents": ["bridge.txt"]}),
        ("search", {"question": "bridge", "k": 1}),
        ("read_document", {"document": "towns/ferry.txt", "start": 4, "end": 9}),
        ("documents", {"limit": 2}),
        mode=mode,
    )
    assert given(answer) == engine.ask(QUESTION).to_json()
    assert given(answer)["citations"][0]["quote"] == "Tickets cost 45 kronor."
    assert not given(unknown)["answered"]
    assert given(found)["hits"] == [hit.to_json() for hit in engine.search("bridge", 1)]
    assert given(part)["text"] == "ferry"
    assert [one["document"] for one in given(listed)["documents"]] == ["bridge.txt", "library.md"]
    assert given(listed)["total"] == 3


@pytest.mark.parametrize("mode", MODES)
def test_tools_over_http(server: Server, engine: Engine, mode: str) -> None:
    check_all_tools(f"{server.address}/mcp", engine, mode)


@pytest.mark.parametrize("mode", MODES)
def test_tools_over_standard_input(engine: Engine, tmp_path: Path, mode: str) -> None:
    command = StdioServerParameters(
        command=sys.executable, args=["-c", PROGRAM, str(tmp_path / "index")], cwd=ROOT
    )
    check_all_tools(command, engine, mode)


def test_tools_describe_what_they_take_and_give(engine: Engine) -> None:
    async def list_tools() -> Any:
        async with Client(build_mcp(Service(engine))) as client:
            assert client.server_info.name == "citable"
            assert "verbatim quotes" in (client.instructions or "")
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in anyio.run(list_tools)}
    assert list(tools) == ["ask", "search", "read_document", "documents"]
    for tool in tools.values():
        assert tool.annotations.read_only_hint
        assert not tool.annotations.open_world_hint
        assert tool.input_schema["additionalProperties"] is False
    assert tools["ask"].input_schema["required"] == ["question"]
    assert next(iter(tools["ask"].input_schema["properties"])) == "question"
    assert set(tools["ask"].output_schema["required"]) == set(engine.ask(QUESTION).to_json())
    assert tools["read_document"].output_schema["properties"]["text"]["type"] == "string"


def test_what_is_wrong_is_told_to_the_agent(engine: Engine) -> None:
    server = build_mcp(Service(engine))
    empty, misspelt, missing, unknown, beyond, day = asked(
        server,
        ("ask", {"question": "?"}),
        ("ask", {"question": QUESTION, "publisher": "SVT"}),
        ("search", {"k": 3}),
        ("read_document", {"document": "none.txt"}),
        ("read_document", {"document": "bridge.txt", "end": 64_000}),
        ("search", {"question": QUESTION, "published_from": "May"}),
    )
    assert refused(empty) == "the question is empty: ask something in words"
    assert refused(misspelt) == "Extra inputs are not permitted (publisher): leave it out"
    assert refused(missing) == "Field required (question): add it"
    assert refused(unknown) == (
        "there is no document 'none.txt' in the index: the tool documents lists the ids"
    )
    assert refused(beyond).endswith(
        "and so no range 0-64000: keep to 0 <= start <= end <= characters"
    )
    assert refused(day).startswith("'May' is no day such as 2025-09-05 (published_from)")
    (no_tool,) = asked(server, ("delete", {}))
    assert str(no_tool) == "no tool 'delete': there are ask, search, read_document, documents"


def test_a_crash_stays_on_the_server(caplog: pytest.LogCaptureFixture) -> None:
    class Crashing(FakeEngine):
        def documents(self) -> Any:
            raise RuntimeError("planted secret")

    for mode in MODES:
        (told,) = asked(build_mcp(Service(Crashing())), ("documents", {}), mode=mode)
        assert isinstance(told, MCPError)
        assert told.error.message.startswith("something went wrong: the server's terminal")
        assert "planted" not in repr(told.error)
        assert "planted secret" in caplog.text
        caplog.clear()


def test_long_documents_are_read_in_parts() -> None:
    engine = FakeEngine()
    text = "".join(f"Line {number} of the log.\n" for number in range(2_000))
    engine.add(Source("log.txt"), text)
    read: Callable[..., Any] = lambda start: given(  # noqa: E731
        asked(
            build_mcp(Service(engine)), ("read_document", {"document": "log.txt", "start": start})
        )[0]
    )
    parts = []
    while sum(map(len, parts)) < len(text):
        part = read(sum(map(len, parts)))
        assert (part["characters"], part["end"]) == (len(text), part["start"] + len(part["text"]))
        assert len(part["text"]) <= PAGE_CHARS
        parts.append(part["text"])
    assert "".join(parts) == text
    assert len(parts) == 3


def test_login_over_http(engine: Engine) -> None:
    served = start(engine, access=Access(port=0, login=Login.parse("ida:secret", "a test")))

    statuses = []

    async def note(response: httpx2.Response) -> None:
        statuses.append(response.status_code)

    async def ask(password: str) -> Any:
        hooks = {"response": [note]}
        async with httpx2.AsyncClient(auth=("ida", password), event_hooks=hooks) as http:
            transport = streamable_http_client(f"{served.address}/mcp", http_client=http)
            async with Client(transport) as client:
                return await client.call_tool("documents", {})

    try:
        assert given(anyio.run(ask, "secret"))["total"] == 3
        assert set(statuses) == {200}
        statuses.clear()
        with pytest.raises(ExceptionGroup):
            anyio.run(ask, "wrong")
        assert set(statuses) == {401}
    finally:
        served.close()


def test_bodies_are_limited() -> None:
    question = {"name": "ask", "arguments": {"question": "a" * MAX_BODY_BYTES}}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": question}
    long = json.dumps(call).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    with TestClient(http_app(build_mcp(Service(FakeEngine())))) as client:
        for content in (long, iter([long[:1000], long[1000:]])):
            assert client.post("/mcp", content=content, headers=headers).status_code == 413
        fits = client.post("/mcp", content=long.replace(b"a" * 1000, b""), headers=headers)
        assert fits.status_code == 200


def test_an_interrupt_ends_the_server_while_its_input_is_open(
    engine: Engine, tmp_path: Path
) -> None:
    index = str(tmp_path / "index")
    assert engine.status().folder == index
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, index],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            process.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == 1  # it waits for the next line
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 130
            assert process.stderr.read().endswith(b"citable: interrupted\n")
        finally:
            process.kill()


def test_errors_of_the_index_are_told() -> None:
    class Damaged(FakeEngine):
        def documents(self) -> Any:
            raise CitableError("the index is damaged: index it again")

    (result,) = asked(build_mcp(Service(Damaged())), ("documents", {}))
    assert refused(result) == "the index is damaged: index it again"
