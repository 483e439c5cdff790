"""The page as it is served: nothing in it points outside this machine, and nobody else reads it."""

from __future__ import annotations

import re
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from gradio import mount_gradio_app

from rag.doors.guard import Access
from rag.page import build_page
from rag.page.layout import MOST_SESSIONS
from rag.page.uploads import MAX_FILE_BYTES
from rag.serving import start
from tests.browser_support import harbour

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = start(harbour(), ["Who?"], Access(port=0))
    yield server.address
    server.close()


def fetch(url: str, **more: object) -> tuple[str, dict[str, str]]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, **more), timeout=10) as response:
        return response.read().decode(), {k.lower(): v for k, v in response.headers.items()}


def test_page_forbids_the_browser_to_leave_the_machine(address: str) -> None:
    for path in ("/", "/api/v1/documents"):
        _, headers = fetch(f"{address}{path}")
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "form-action 'self'" in policy  # which default-src does not cover
        assert "http:" not in policy
        assert "https:" not in policy


def test_page_loads_no_foreign_style_script_or_font(address: str) -> None:
    text, _ = fetch(address)
    loaded = re.findall(r"""<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=["']([^"']+)""", text)
    assert loaded
    assert [url for url in loaded if "//" in url.replace(address, "")] == []
    theme, _ = fetch(f"{address}/theme.css")
    assert re.findall(r"url\(['\"]?https?:|@import", theme) == []


def test_api_pages_that_load_from_elsewhere_are_off(address: str) -> None:
    for path in ("docs", "redoc", "api/v1/docs", "api/docs"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            fetch(f"{address}/{path}")


def test_page_lets_no_other_site_read_it(address: str) -> None:
    # Gradio, on its own, lets every site read what is served under a name of its own.
    for path in ("/", "/config", "/api/v1/documents"):
        _, headers = fetch(f"{address}{path}")
        assert not [name for name in headers if name.startswith("access-control")]
    _, headers = fetch(f"{address}/config", headers={"Origin": "https://evil.example"})
    assert not [name for name in headers if name.startswith("access-control-allow")]
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    with pytest.raises(urllib.error.HTTPError, match="400") as refused:
        fetch(f"{address}/gradio_api/queue/join", headers=preflight, method="OPTIONS")
    assert "access-control-allow-origin" not in refused.value.headers


def send_file(address: str, size: int = 1, **headers: str) -> str:
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    data = head + b"a" * size + b"\r\n--x--"
    headers = {"Content-Type": "multipart/form-data; boundary=x"} | headers
    return fetch(f"{address}/gradio_api/upload", data=data, headers=headers)[0]


def test_files_are_taken_up_to_a_size(address: str) -> None:
    assert "a.txt" in send_file(address)
    with pytest.raises(urllib.error.HTTPError, match="413"):
        send_file(address, MAX_FILE_BYTES + 1)


def test_another_sites_page_sends_no_files(address: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        send_file(address, Origin="https://evil.example")


def test_a_page_for_everybody_takes_no_files() -> None:
    server = start(harbour(), [], Access("0.0.0.0", port=0, insecure=True))
    address = server.address.replace("0.0.0.0", "127.0.0.1")
    with pytest.raises(urllib.error.HTTPError, match="413"):
        send_file(address)
    server.close()


def test_analytics_are_off() -> None:
    page = build_page(harbour())
    assert page.analytics_enabled is False


def test_no_event_fades_a_part_of_the_page() -> None:
    events = build_page(harbour(), ["Who?"], writable=True).config["dependencies"]
    loads = [event for event in events if any(name == "load" for _, name in event["targets"])]
    assert len(loads) == 3  # heading, examples, table of documents
    assert {event["show_progress"] for event in events} == {"hidden"}


def test_memory_is_bounded_by_the_conversations_kept() -> None:
    page = build_page(harbour())
    mount_gradio_app(FastAPI(), page, "/")
    holder = page.state_holder
    for number in range(MOST_SESSIONS + 5):
        holder[f"visitor {number}"]
    assert len(holder.session_data) == MOST_SESSIONS
    assert "visitor 4" not in holder
    assert "visitor 5" in holder


def test_style_and_scripts_are_packaged() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    patterns = settings["tool"]["setuptools"]["package-data"]["rag.page"]
    stored = {p.name for p in (ROOT / "rag/page").iterdir() if p.suffix not in (".py", "")}
    packaged = {p.name for pattern in patterns for p in (ROOT / "rag/page").glob(pattern)}
    assert packaged == stored
