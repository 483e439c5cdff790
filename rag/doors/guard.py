"""Who may use the server: where it listens, the login, and the checks made on every request."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.doors.attempts import Attempts
from rag.doors.problem import Fault, problem
from rag.errors import CitableError

# The variable that holds USER:PASSWORD, for those who would not show it in the process list.
AUTH_VARIABLE = "CITABLE_AUTH"
# Paths that only programs use: a browser that comes to them from another site is turned away.
PROGRAM_PATHS = ("/api", "/mcp")
# Requests that change nothing.
READING_METHODS = ("GET", "HEAD", "OPTIONS")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_HOST = re.compile(rf"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>{_NAME.pattern}))(?::\d{{1,5}})?")


@dataclass(frozen=True, slots=True)
class Login:
    """The one user and password that the server takes; it keeps their digest only."""

    digest: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str, where: str) -> Login:
        """Read `USER:PASSWORD`; raises CitableError, which names `where` and never the text."""
        user, colon, password = text.partition(":")
        if not (user and colon and password) or not text.isprintable():
            raise CitableError(
                f"{where} holds no login: give USER:PASSWORD in one line, neither of them empty"
            )
        return cls(_digest(text.encode()))

    def admits(self, authorization: str) -> bool:
        """Whether an `Authorization` header holds this login, in time that does not tell how far.

        HTTP Basic (RFC 7617) with UTF-8.
        """
        scheme, _, encoded = authorization.partition(" ")
        try:
            given = b64decode(encoded.strip(), validate=True)
        except ValueError:
            given = b""
        return scheme.lower() == "basic" and hmac.compare_digest(_digest(given), self.digest)


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


def find_login(text: str | None, file: str | None, environment: Mapping[str, str]) -> Login | None:
    """The login given as an option's text, else in a file, else in CITABLE_AUTH, else None.

    An empty text or file name is one that was given: a script's variable may have been empty.

    Raises CitableError for a file that cannot be read and for a login that is none.
    """
    if text is not None:
        return Login.parse(text, "--auth")
    if file is not None:
        try:
            line = Path(file).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CitableError(f"cannot read the login in '{file}': {error}") from error
        return Login.parse(line.rstrip("\r\n"), f"the file '{file}'")
    if AUTH_VARIABLE in environment:
        return Login.parse(environment[AUTH_VARIABLE], f"the variable {AUTH_VARIABLE}")
    return None


@dataclass(frozen=True, slots=True)
class Access:
    """Where to listen and who may use the server.

    `names` are those under which a proxy on this machine passes requests on. Raises CitableError
    for a name that is none, and where others could use the server without a login, unless
    `insecure`.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    login: Login | None = None
    insecure: bool = False
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.names:
            if _NAME.fullmatch(name) is None:
                raise CitableError(
                    f"'{name}' is no host name: --name takes one such as docs.example, without "
                    "https:// and without a port"
                )
        if not (self.is_local or self.login or self.insecure):
            reached = self.names[0] if self.names else self.host
            raise CitableError(
                f"others can reach '{reached}': give a login with --auth-file FILE (a line "
                f"USER:PASSWORD), --auth USER:PASSWORD or the variable {AUTH_VARIABLE}, or say "
                "--insecure to let everybody read the documents"
            )

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host) and not self.names

    def takes(self, host: str) -> bool:
        """Whether a request may have this `Host` header."""
        if not is_loopback(self.host):
            return True  # others reach this machine under names that it does not know
        named = _HOST.fullmatch(host)
        if named is None:
            return False
        name = named["six"] or named["name"]
        return is_loopback(name) or name.lower() in map(str.lower, self.names)


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own; other names are not looked up."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Guard:
    """ASGI middleware before the page, the API and MCP alike.

    With a login each request needs it (HTTP Basic). Where the server listens on this machine only,
    each request must name this machine, or one of the names it was told, as its host: a page of
    another site that has its own name lead here (DNS rebinding) is refused. Requests from other
    sites' pages are refused on programs' paths, and everywhere where they could change something.
    Who sends wrong logins has to pause.
    """

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access
        self.attempts = Attempts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            answer = self._refusal(scope) or self.app
            await answer(scope, receive, send)
        else:
            # Nothing here speaks another protocol.
            await send({"type": "websocket.close"})

    def _refusal(self, scope: Scope) -> Response | None:
        headers, path = Headers(scope=scope), scope["path"]
        address = (scope.get("client") or ("", 0))[0]
        host = headers.get("host", "")
        if not self.access.takes(host):
            mend = (
                f"open http://{in_url(self.access.host)}:{self.access.port}; where a proxy passes "
                "a name of its own on, serve with --name and that name"
            )
            return problem(421, Fault("this server is for this machine only", "header Host", mend))
        guarded = is_under(path, PROGRAM_PATHS) or scope["method"] not in READING_METHODS
        if guarded and _is_foreign(headers.get("origin"), host):
            mend = "call it from a program, or from a page of this server"
            return problem(403, Fault("another site's page may not ask", "header Origin", mend))
        if self.access.login:
            return self._login_refusal(self.access.login, headers.get("authorization"), address)
        return None

    def _login_refusal(
        self, login: Login, authorization: str | None, address: str
    ) -> Response | None:
        if authorization is not None:
            # Neither a right one: who guesses would know it by the other answer.
            if pause := self.attempts.pause(address):
                return problem(
                    429,
                    Fault(
                        "too many wrong logins came from this address",
                        "header Authorization",
                        f"wait {pause} seconds, or start the server again",
                    ),
                    headers={"Retry-After": str(pause)},
                )
            is_right = login.admits(authorization)
            self.attempts.note(address, right=is_right)
            if is_right:
                return None
        mend = "send the user and password of this server with HTTP Basic"
        return problem(
            401,
            Fault("a login is needed", "header Authorization", mend),
            headers={"WWW-Authenticate": 'Basic realm="Citable", charset="UTF-8"'},
        )


def is_under(path: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a path is one of the prefixes or lies below one."""
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_foreign(origin: str | None, host: str) -> bool:
    """Whether a browser says that a page of another site sends the request; programs say nothing.

    A page's own address is the one that the request names as its host, also behind a proxy that
    passes the host on.
    """
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc.lower() != host.lower()
    except ValueError:  # such as `http://[`, which no page's address is
        return True
