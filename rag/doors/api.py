"""The HTTP API: `/api/v1/ask`, `search`, `documents` and `status`, described by OpenAPI.

There is no page of documentation: FastAPI's own load scripts from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBasic
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.doors import problem as problems
from rag.doors.contract import (
    AskRequest,
    Documents,
    DocumentText,
    Found,
    Holdings,
    Offset,
    Result,
    SearchRequest,
    Shown,
)
from rag.doors.problem import Fault, faults_in, problem
from rag.doors.service import (
    MAX_BODY_BYTES,
    MAX_LISTED,
    RANGE_MEND,
    VERSION,
    RangeError,
    Service,
)
from rag.errors import CitableError, QuestionError, UnknownDocumentError
from rag.line import RETRY_SECONDS, BusyError, client_of

PREFIX = f"/api/v{VERSION}"
SCHEMA_PATH = f"{PREFIX}/openapi.json"
_MEND_STATUS = {
    404: f"{SCHEMA_PATH} lists the paths",
    405: f"{SCHEMA_PATH} lists the methods",
    413: f"send at most {MAX_BODY_BYTES:,} bytes",
}
_DESCRIPTION = """Ask a folder of documents; get verbatim quotes with exact citations.

Every citation holds `text[start:end] == quote`, counted in Unicode code points of the document's
text. A refused request gets problem JSON whose `errors` say what, where and how to mend it."""


class BodyLimit:
    """ASGI middleware that refuses a body once it is too long, and reads no further.

    FastAPI has one of its own, which answers with plain text.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_limited, send)


def build_api(service: Service, *, login: bool = False) -> FastAPI:
    """The application that serves the paths below `PREFIX`; `login` says that they need one.

    The guard before it checks the login; here it is only described.
    """
    api = FastAPI(
        title="Citable",
        version=VERSION,
        description=_DESCRIPTION,
        openapi_url=SCHEMA_PATH,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Security(HTTPBasic(auto_error=False))] if login else [],
    )
    api.add_middleware(BodyLimit)
    _add_asking(api, service)
    _add_reading(api, service)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _refused)
    api.add_exception_handler(CitableError, _failed)
    api.add_exception_handler(Exception, _broken)
    return api


# The engine takes a second for a question, and one question at a time: questions wait in line. What
# reads documents is a plain function, which FastAPI runs in one of its threads, and does not wait.


def _add_asking(api: FastAPI, service: Service) -> None:
    @api.post(f"{PREFIX}/ask", response_model=Result, responses=_problems(413, 422, 503))
    async def ask(asked: AskRequest, request: Request) -> JSONResponse:
        """Answer a question with cited quotes, or say why not."""

        def work() -> JSONResponse:
            filters = asked.filters.to_filters()
            return JSONResponse(service.ask(asked.question, filters, asked.results()))

        return await _in_turn(service, work, request)

    @api.post(f"{PREFIX}/search", response_model=Found, responses=_problems(413, 422, 503))
    async def search(asked: SearchRequest, request: Request) -> JSONResponse:
        """The best passages for a question, best first."""

        def work() -> JSONResponse:
            filters = asked.filters.to_filters()
            return JSONResponse(service.search(asked.question, asked.k, filters))

        return await _in_turn(service, work, request)


def _add_reading(api: FastAPI, service: Service) -> None:
    @api.get(f"{PREFIX}/documents", response_model=Documents, responses=_problems(422, 503))
    def documents(
        offset: Offset = 0,
        limit: Shown = MAX_LISTED,
    ) -> JSONResponse:
        """What is indexed, in the order of the ids."""
        return JSONResponse(service.documents(offset, limit))

    # An id is a path: it may hold slashes.
    @api.get(
        f"{PREFIX}/documents/{{document:path}}",
        response_model=DocumentText,
        responses=_problems(404, 422, 503),
    )
    def read_document(
        document: Annotated[str, Path(description="The document's id")],
        start: Offset = 0,
        end: Annotated[Offset | None, Query(description="Default: the end of it")] = None,
    ) -> JSONResponse:
        """A document's canonical text, or the characters `[start, end)` of it."""
        return JSONResponse(service.read(document, start, end))

    @api.get(f"{PREFIX}/status", response_model=Holdings, responses=_problems(503))
    def status() -> JSONResponse:
        """How much is indexed, and with which encoder."""
        return JSONResponse(service.status())


async def _in_turn(
    service: Service, work: Callable[[], JSONResponse], request: Request
) -> JSONResponse:
    client = client_of("api", request.client.host if request.client else None)
    return await service.line.run(work, client, has_left=request.is_disconnected)


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The description of the refusals, in place of FastAPI's own."""
    content = {problems.MEDIA_TYPE: {"schema": problems.SCHEMA}}
    return {status: {"content": content} for status in statuses}


def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return problem(422, *faults_in(error.errors(), f"{SCHEMA_PATH} describes it"))


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    mend = _MEND_STATUS.get(error.status_code, f"{SCHEMA_PATH} describes what can be sent")
    fault = Fault(error.detail, f"{request.method} {request.url.path}", mend)
    return problem(error.status_code, fault, headers=error.headers)


def _failed(request: Request, error: Exception) -> JSONResponse:
    """An error that the project raises on purpose; its message says what is wrong."""
    headers = None
    match error:
        case BusyError():
            status, where, mend = 503, request.url.path, f"ask again in {RETRY_SECONDS} seconds"
            headers = {"Retry-After": str(RETRY_SECONDS)}
        case QuestionError():
            status, where, mend = 422, "body.question", "ask in words, in a sentence or a few"
        case UnknownDocumentError():
            status, where, mend = 404, "path.document", f"{PREFIX}/documents lists the ids"
        case RangeError():
            status, where, mend = 422, "query.start, query.end", RANGE_MEND
        case _:
            status, where, mend = 503, request.url.path, "mend the index, then ask again"
    return problem(status, Fault(str(error), where, mend), headers=headers)


def _broken(request: Request, _: Exception) -> JSONResponse:
    """An error that nobody foresaw; its traceback is in the terminal."""
    mend = "the server's terminal says what; ask again"
    return problem(500, Fault("something went wrong", request.url.path, mend))
