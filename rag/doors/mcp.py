"""The MCP server: the tools `ask`, `search`, `read_document` and `documents` for agents.

It is made with the official SDK and not with Gradio's MCP support, which turns the page's events
into tools: those give the page's HTML as text, where an agent needs the answer's JSON with a schema
(structured output). Gradio's also holds the SDK to an older version, and has no standard input and
output, which agents on a desktop speak. Of the SDK the lower layer is used: its upper one makes a
tool of a function, and then lets arguments pass that the tool does not know, such as a misspelt
filter.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    TextContent,
    ToolAnnotations,
)
from mcp.types import Tool as Described
from pydantic import Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request

from rag.doors.contract import (
    Documents,
    DocumentText,
    Found,
    Hits,
    Offset,
    Restriction,
    Result,
    Schema,
    Shown,
    Worded,
)
from rag.doors.problem import faults_in
from rag.doors.service import MAX_BODY_BYTES, RANGE_MEND, VERSION, RangeError, Service
from rag.errors import CitableError, UnknownDocumentError
from rag.line import BusyError, client_of
from rag.types import JSON

LOGGER = logging.getLogger(__name__)
PATH = "/mcp"
# One reading by an agent, some 5,000 tokens: it has to fit beside the rest that it knows.
PAGE_CHARS = 20_000
# Passages and documents that are listed where no number is asked for, for the same reason.
HITS, LISTED = 5, 100
_INSTRUCTIONS = """Answers from this server's documents alone, made of verbatim quotes. Ask whole \
questions that name what they are about; each stands alone. A citation's quote is the characters \
[start, end) of its document, counted in Unicode code points: read_document shows what stands \
around it. Where `answered` is false the documents do not say; do not answer from elsewhere."""
# Nothing is changed, and nothing outside the documents is asked.
_READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


class Ask(Restriction, Worded):
    """The question and, beside it, the filters: flat, as agents fill it best."""


class Search(Ask):
    k: Hits = HITS


class Read(Schema):
    document: str = Field(description="The document's id")
    start: Offset = 0
    end: Offset | None = None


class List(Schema):
    offset: Offset = 0
    limit: Shown = LISTED


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: the schemas of what it takes and gives, and the function that works between them.

    `waits` says that it takes the engine, which each who asks has in turn.
    """

    name: str
    title: str
    description: str
    takes: type[Schema]
    gives: type[Schema]
    work: Callable[[Any], JSON]
    waits: bool = False

    def described(self) -> Described:
        return Described(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=self.takes.model_json_schema(),
            output_schema=self.gives.model_json_schema(),
            annotations=_READS,
        )

    def call(self, arguments: JSON) -> CallToolResult:
        """The result as structured content and, for older clients, as text; or what is wrong."""
        try:
            given = self.work(self.takes.model_validate(arguments))
        except ValidationError as error:
            faults = faults_in(error.errors(), "the tool's schema describes it")
            return _result("; ".join(map(str, faults)), is_error=True)
        except UnknownDocumentError as error:
            return _result(f"{error}: the tool documents lists the ids", is_error=True)
        except RangeError as error:
            return _result(f"{error}: {RANGE_MEND}", is_error=True)
        except CitableError as error:
            return _result(str(error), is_error=True)
        return _result(json.dumps(given, ensure_ascii=False), structured_content=given)


class Sealed:
    """Lets an error that nobody foresaw out without its text: its traceback is in the terminal.

    The SDK tells the text to clients of the older protocol.
    """

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, Exception):
            LOGGER.error("a tool failed", exc_info=error)
            mend = "the server's terminal says what; ask again"
            raise MCPError(INTERNAL_ERROR, f"something went wrong: {mend}") from error


def build_mcp(service: Service) -> Server:
    """The server with its tools; `http_app` and `serve_stdio` serve it."""
    tools = {tool.name: tool for tool in _tools(service)}

    async def list_tools(*_: object) -> ListToolsResult:
        return ListToolsResult(tools=[tool.described() for tool in tools.values()])

    async def call_tool(context: Any, params: CallToolRequestParams) -> CallToolResult:
        if params.name not in tools:
            raise MCPError(INVALID_PARAMS, f"no tool '{params.name}': there are {', '.join(tools)}")
        tool = tools[params.name]
        work = partial(tool.call, params.arguments or {})
        # The engine takes a second for a question, and one question at a time: those who read
        # documents do not wait with those who ask.
        with Sealed():
            if not tool.waits:
                return await anyio.to_thread.run_sync(work)
            try:
                return await service.line.run(work, _client(context.request))
            except BusyError as error:
                return _result(str(error), is_error=True)

    return Server(
        "citable",
        title="Citable",
        version=VERSION,
        instructions=_INSTRUCTIONS,
        get_tool_input_schema=lambda name: (
            tools[name].described().input_schema if name in tools else None
        ),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def http_app(server: Server) -> Starlette:
    """The server over streamable HTTP at `PATH`; `server.session_manager.run()` keeps it alive.

    No call depends on the one before, so no session is kept. The guard checks Host and Origin.
    """
    return server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        json_response=True,
        max_request_body_size=MAX_BODY_BYTES,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )


def serve_stdio(server: Server) -> None:
    """Serve over standard input and output until the input ends."""

    async def serve() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(serve)


def _tools(service: Service) -> Iterable[Tool]:
    yield Tool(
        "ask",
        "Ask the documents",
        "Answer a question with verbatim, cited quotes, or say that the documents do not tell.",
        Ask,
        Result,
        lambda asked: service.ask(asked.question, asked.to_filters()),
        waits=True,
    )
    yield Tool(
        "search",
        "Search the documents",
        "The passages that come nearest to a question, best first.",
        Search,
        Found,
        lambda asked: service.search(asked.question, asked.k, asked.to_filters()),
        waits=True,
    )
    yield Tool(
        "read_document",
        "Read a document",
        f"The characters [start, end) of a document, at most {PAGE_CHARS:,} at once: `end` of the "
        "result says where it stops, `characters` how long the document is.",
        Read,
        DocumentText,
        lambda asked: service.read(asked.document, asked.start, asked.end, PAGE_CHARS),
    )
    yield Tool(
        "documents",
        "List the documents",
        "Ids, titles, publishers and days of the documents, `limit` of them from `offset` on.",
        List,
        Documents,
        lambda asked: service.documents(asked.offset, asked.limit),
    )


def _client(request: Request | None) -> str:
    """Who has a turn; over standard input and output there is no request, and one client."""
    return client_of("mcp", request.client.host if request and request.client else None)


def _result(text: str, **more: Any) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=text)], **more)
