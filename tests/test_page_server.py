"""Serving: the address, a taken port, and that nothing points outside this machine."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import textwrap
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import CitableError
from rag.page import build_page, launch, start
from tests.browser_support import free_port, harbour

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    port = free_port()
    page = start(harbour(), ["Who?"], port=port)
    yield f"http://127.0.0.1:{port}"
    page.close(verbose=False)


def fetch(url: str) -> tuple[str, dict[str, str]]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=10) as response:
        return response.read().decode(), dict(response.headers)


def test_page_forbids_the_browser_to_leave_the_machine(address: str) -> None:
    _, headers = fetch(address)
    policy = headers["Content-Security-Policy".lower()]
    assert "default-src 'self'" in policy
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
    for path in ("docs", "redoc"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            fetch(f"{address}/{path}")


def test_taken_port_is_a_clear_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CitableError, match=rf"port {port} on 127\.0\.0\.1 is taken.*--port"):
            launch(harbour(), port=port)


def test_impossible_addresses_are_clear_errors() -> None:
    with pytest.raises(CitableError, match="--port takes 1 to 65535"):
        launch(harbour(), port=70_000)
    with pytest.raises(CitableError, match=r"cannot serve on 192\.0\.2\.1, port .*--host"):
        launch(harbour(), host="192.0.2.1", port=free_port())


def test_analytics_are_off() -> None:
    page = build_page(harbour())
    assert page.analytics_enabled is False


def test_launch_prints_its_address_and_stops_on_interrupt() -> None:
    port = free_port()
    program = textwrap.dedent(f"""
        from tests.browser_support import harbour
        from rag.page import launch
        launch(harbour(), port={port})
    """)
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"Citable is at http://127.0.0.1:{port}\n"
    text, _ = fetch(f"http://127.0.0.1:{port}")
    assert "Citable" in text
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert rest == "Stopped.\n"
    assert process.returncode == 0


def test_style_and_scripts_are_packaged() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    patterns = settings["tool"]["setuptools"]["package-data"]["rag.page"]
    stored = {p.name for p in (ROOT / "rag/page").iterdir() if p.suffix not in (".py", "")}
    packaged = {p.name for pattern in patterns for p in (ROOT / "rag/page").glob(pattern)}
    assert packaged == stored
