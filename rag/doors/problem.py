"""What a refused request gets: problem JSON (RFC 9457) that says what, where and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from rag.types import JSON

MEDIA_TYPE = "application/problem+json"
_TEXT = {"type": "string"}
SCHEMA: JSON = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": _TEXT,
        "title": {**_TEXT, "description": "The phrase of the status"},
        "status": {"type": "integer"},
        "detail": {**_TEXT, "description": "All errors in one line, for people"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["what", "where", "mend"],
                "properties": {"what": _TEXT, "where": _TEXT, "mend": _TEXT},
            },
        },
    },
}

# By the types of pydantic's errors.
_MEND = {
    "extra_forbidden": "leave it out",
    "missing": "add it",
    "json_invalid": "send JSON",
    "model_attributes_type": "send a JSON object with the header Content-Type: application/json",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: what, where in it, and how to mend it."""

    what: str
    where: str
    mend: str

    def __str__(self) -> str:
        return f"{self.what} ({self.where}): {self.mend}"


def faults_in(errors: Iterable[Mapping[str, Any]], otherwise: str) -> list[Fault]:
    """What pydantic found wrong, by its `errors()`; `otherwise` mends what has no mend here."""
    return [
        Fault(
            error["msg"].removeprefix("Value error, "),
            ".".join(map(str, error["loc"])),
            _MEND.get(error["type"], otherwise),
        )
        for error in errors
    ]


def problem(status: int, *faults: Fault, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The response for a request with these faults, at least one."""
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "; ".join(map(str, faults)),
        "errors": [asdict(fault) for fault in faults],
    }
    return JSONResponse(content, status, headers, MEDIA_TYPE)
