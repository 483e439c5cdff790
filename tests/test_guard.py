"""Who may use the server: addresses, logins, and requests that other sites' pages send."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from rag.doors.attempts import MOST_WRONG, PAUSE_SECONDS
from rag.doors.guard import Access, Guard, Login, find_login, is_loopback
from rag.errors import CitableError

LOGIN = Login.parse("ida:brö:wn", "a test")


def get(access: Access, path: str = "/", **headers: str) -> Any:
    client = TestClient(
        Guard(PlainTextResponse("inside"), access), base_url=f"http://{access.host}:7860"
    )
    return client.get(path, headers=headers)


def basic(text: str) -> str:
    return f"Basic {b64encode(text.encode()).decode()}"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST"])
def test_this_machines_own_addresses_need_no_login(host: str) -> None:
    assert is_loopback(host)
    assert Access(host).is_local


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "", "box.example", "127.1", "0"])
def test_other_addresses_need_a_login_or_a_word(host: str) -> None:
    with pytest.raises(CitableError, match=rf"^others can reach '{host}'.*--insecure") as refused:
        Access(host)
    assert "\n" not in str(refused.value)
    assert not Access(host, insecure=True).is_local
    assert not Access(host, login=LOGIN).is_local


def test_logins_come_from_the_option_a_file_or_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "login"
    file.write_text("ida:from file\r\n", encoding="utf-8")
    environment = {"CITABLE_AUTH": "ida:from variable"}
    for given, password in (
        (("ida:from option", None, environment), "from option"),
        ((None, str(file), environment), "from file"),
        ((None, None, environment), "from variable"),
    ):
        login = find_login(*given)
        assert login is not None
        assert login.admits(basic(f"ida:{password}"))
        assert password not in repr(login)
        assert password not in repr(Access(login=login))
    assert find_login(None, None, {}) is None


@pytest.mark.parametrize("text", ["secret", ":secret", "ida:", "", "ida:secret\nbob:secret"])
def test_what_is_no_login_is_refused_without_being_told(text: str, tmp_path: Path) -> None:
    file = tmp_path / "login"
    file.write_text(text, encoding="utf-8")
    for given in (
        (text, None, {}),
        (None, str(file), {}),
        (None, None, {"CITABLE_AUTH": text}),
    ):
        with pytest.raises(CitableError, match=r"holds no login: give USER:PASSWORD") as refused:
            find_login(*given)
        assert "secret" not in str(refused.value)
    for name in (str(tmp_path / "nowhere"), ""):
        with pytest.raises(CitableError, match=rf"cannot read the login in '{name}'"):
            find_login(None, name, {})


def test_logins_admit_only_their_user_and_password() -> None:
    assert LOGIN.admits(basic("ida:brö:wn"))
    assert LOGIN.admits(basic("ida:brö:wn").replace("Basic", "basic"))
    for header in (
        "",
        "Basic",
        "Basic !",
        basic("ida:brö"),
        basic("Ida:brö:wn"),
        basic("ida:brö:wn "),
        basic(""),
        basic("ida:brö:wn").replace("Basic", "Bearer"),
        basic("ida:brö:wn").removeprefix("Basic "),
    ):
        assert not LOGIN.admits(header)


@pytest.mark.parametrize("path", ["/", "/gradio_api/queue/join", "/api/v1/status", "/mcp"])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_every_path_needs_the_login(path: str, host: str) -> None:
    access = Access(host, login=LOGIN)
    refused = get(access, path)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == 'Basic realm="Citable", charset="UTF-8"'
    assert refused.json()["errors"][0]["what"] == "a login is needed"
    assert get(access, path, Authorization=basic("ida:wrong")).status_code == 401
    assert get(access, path, Authorization=basic("ida:brö:wn")).text == "inside"


def test_without_a_login_none_is_asked_for() -> None:
    assert get(Access(), "/api/v1/status").text == "inside"
    assert get(Access("0.0.0.0", insecure=True), "/mcp", Host="box.example").text == "inside"


@pytest.mark.parametrize(
    "host", ["evil.example:7860", "evil.example", "127.0.0.1.evil.example", "a@localhost", ""]
)
def test_names_that_lead_here_are_refused_on_this_machine_only(host: str) -> None:
    for path in ("/", "/api/v1/status", "/mcp"):
        refused = get(Access(), path, Host=host)
        assert refused.status_code == 421
        assert refused.json()["errors"][0]["mend"] == (
            "open http://127.0.0.1:7860; where a proxy passes a name of its own on, serve with "
            "--name and that name"
        )
    with_login = Access("0.0.0.0", login=LOGIN)
    assert get(with_login, Host=host, Authorization=basic("ida:brö:wn")).text == "inside"


def test_this_machines_names_are_taken_with_any_port() -> None:
    for host in ("localhost", "localhost:9000", "127.0.0.1:7860", "[::1]:7860", "LocalHost:1"):
        assert get(Access(), "/mcp", Host=host).text == "inside"


def test_the_names_of_a_proxy_on_this_machine_are_taken() -> None:
    access = Access(login=LOGIN, names=("docs.example", "Box"))
    login = {"Authorization": basic("ida:brö:wn")}
    for host in ("docs.example", "DOCS.example:443", "box", "localhost:7860"):
        assert get(access, Host=host, **login).text == "inside"
        own = get(access, "/mcp", Host=host, Origin=f"https://{host}", **login)
        assert own.text == "inside"
    for host in ("evil.example", "docs.example.evil.example", "example"):
        assert get(access, Host=host, **login).status_code == 421
    assert get(access, Host="docs.example").status_code == 401


def test_names_let_others_in() -> None:
    with pytest.raises(CitableError, match=r"^others can reach 'docs\.example'.*--insecure"):
        Access(names=("docs.example",))
    assert not Access(names=("docs.example",), insecure=True).is_local
    for name in ("", "https://docs.example", "docs.example:443", "docs.example/x", "a b"):
        with pytest.raises(CitableError, match=rf"^'{name}' is no host name: --name takes one"):
            Access(names=(name,), login=LOGIN)


def test_pages_of_other_sites_may_not_use_the_programs_paths() -> None:
    for access in (Access(), Access("0.0.0.0", insecure=True)):
        for origin in ("https://evil.example", "null", "http://127.0.0.1:9999", "", "http://["):
            for path in ("/api/v1/ask", "/mcp"):
                refused = get(access, path, Origin=origin, Host="127.0.0.1:7860")
                assert refused.status_code == 403
                assert refused.json()["errors"][0]["where"] == "header Origin"
        own = get(access, "/mcp", Origin="http://127.0.0.1:7860", Host="127.0.0.1:7860")
        assert own.text == "inside"


def test_nothing_but_http_passes() -> None:
    client = TestClient(Guard(PlainTextResponse("inside"), Access()))
    with pytest.raises(Exception) as closed, client.websocket_connect("/"):  # noqa: PT011
        pass
    assert type(closed.value).__name__ == "WebSocketDisconnect"


def test_many_wrong_logins_are_answered_with_a_pause() -> None:
    client = TestClient(Guard(PlainTextResponse("inside"), Access(login=LOGIN)))
    client.headers["Host"] = "127.0.0.1:7860"
    wrong, right = {"Authorization": basic("ida:no")}, {"Authorization": basic("ida:brö:wn")}
    for _ in range(MOST_WRONG):
        assert client.get("/").status_code == 401  # who sends no login guesses none
        assert client.get("/", headers=wrong).status_code == 401
    paused = client.get("/", headers=right)
    assert paused.status_code == 429
    assert 0 < int(paused.headers["Retry-After"]) <= PAUSE_SECONDS
    assert client.get("/").status_code == 401
