"""Many people asking at once over the HTTP API: errors, times, the same answers, flat memory.

python eval/benchmarks/load.py [FOLDER] [--users 50] [--seconds 60] [--reader similarity] [--out F]

Indexes the folder, starts `citable serve` on a free port and asks the questions of a set (those of
the seeds by default), each user one after another. Beside them one client sends its request a byte
at a time, one never reads what it asked for, and one leaves before the answer. Prints JSON.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.evaluation.conditions import conditions

ROOT = Path(__file__).parents[2]
LIBRARIES = ("citable", "fastapi", "gradio", "onnxruntime", "starlette", "uvicorn")
# The memory is looked at after each of so many questions.
STEP = 1_000
TIMEOUT_SECONDS = 300
JSON_TYPE = {"Content-Type": "application/json"}


@dataclass(slots=True)
class Tally:
    """What the users met with: seconds of each answer, errors, answers unlike a single user's."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    different: int = 0

    def to_json(self) -> dict[str, Any]:
        times = sorted(self.seconds)
        cuts = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
        return {
            "answers": len(times),
            "errors": len(self.errors),
            "first_errors": self.errors[:3],
            "different_answers": self.different,
            "p50_s": round(cuts[49], 3) if times else None,
            "p95_s": round(cuts[94], 3) if times else None,
            "longest_s": round(times[-1], 3) if times else None,
        }


def ask(connection: http.client.HTTPConnection, question: str) -> bytes:
    """The body of the answer; raises OSError or HTTPException where there is none."""
    connection.request("POST", "/api/v1/ask", json.dumps({"question": question}), JSON_TYPE)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise http.client.HTTPException(f"{response.status}: {body[:200]!r}")
    return body


def connect(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(address.removeprefix("http://"), timeout=TIMEOUT_SECONDS)


def users(
    address: str,
    alone: dict[str, bytes],
    count: int,
    more: Callable[[], bool],
) -> Tally:
    """Let so many people ask, each a question after another, while there are `more` to ask."""
    tally, questions = Tally(), list(alone)

    def one(number: int) -> None:
        connection, turn = connect(address), number
        while more():
            question = questions[turn % len(questions)]
            turn += 1
            started = time.perf_counter()
            try:
                body = ask(connection, question)
            except (OSError, http.client.HTTPException) as error:
                tally.errors.append(f"{type(error).__name__}: {error}")
                connection.close()
                continue
            tally.seconds.append(time.perf_counter() - started)
            tally.different += body != alone[question]
        connection.close()

    with ThreadPoolExecutor(count) as people:
        list(people.map(one, range(count)))
    return tally


@contextmanager
def hinderers(address: str, question: str) -> Iterator[None]:
    """Clients that drip, do not read, or leave, for as long as the context lasts."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=_again, args=(bad, address, question, stop), daemon=True)
        for bad in (_drip, _never_read, _leave)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _again(
    bad: Callable[[socket.socket, bytes, threading.Event], None],
    address: str,
    question: str,
    stop: threading.Event,
) -> None:
    host, port = address.removeprefix("http://").rsplit(":", 1)
    body = json.dumps({"question": question}).encode()
    head = f"POST /api/v1/ask HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    while not stop.is_set():
        # Being thrown out is what such a client deserves.
        with suppress(OSError), socket.create_connection((host, int(port))) as connection:
            bad(connection, request, stop)


def _drip(connection: socket.socket, request: bytes, stop: threading.Event) -> None:
    for byte in request:
        connection.sendall(bytes([byte]))
        if stop.wait(0.5):
            return


def _never_read(connection: socket.socket, request: bytes, stop: threading.Event) -> None:
    connection.settimeout(1)
    for _ in range(20):
        connection.sendall(request)
    stop.wait()


def _leave(connection: socket.socket, request: bytes, stop: threading.Event) -> None:
    connection.sendall(request)
    stop.wait(0.5)


def memory_mb(pid: int) -> float:
    """The resident memory of a process."""
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    return round(int(told.stdout) / 1024, 1)


def memory(address: str, pid: int, alone: dict[str, bytes], count: int, questions: int) -> Any:
    """The server's megabytes before and after each `STEP` of so many questions, and the errors."""
    megabytes, errors = [memory_mb(pid)], 0
    for _ in range(questions // STEP):
        left, lock = iter(range(STEP)), threading.Lock()

        def more(left: Iterator[int] = left, lock: threading.Lock = lock) -> bool:
            with lock:
                return next(left, None) is not None

        tally = users(address, alone, count, more)
        errors += len(tally.errors) + tally.different
        megabytes.append(memory_mb(pid))
    return {"every": STEP, "megabytes": megabytes, "errors": errors}


@contextmanager
def served(folder: str, reader: str) -> Iterator[tuple[str, int]]:
    """The address and process of a server over an index of the folder."""
    command = [sys.executable, "-m", "rag.cli"]
    choice = ["--reader", reader] if reader else []
    with tempfile.TemporaryDirectory() as index:
        subprocess.run([*command, "index", folder, "--index", index], check=True, stdout=sys.stderr)
        process = subprocess.Popen(
            [*command, "serve", "--index", index, "--port", "0", *choice],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            yield process.stdout.readline().removeprefix("Citable is at ").strip(), process.pid
        finally:
            process.terminate()
            process.wait()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", default=str(ROOT / "seeds"))
    parser.add_argument("--questions", type=Path, default=ROOT / "eval/seeds.jsonl")
    parser.add_argument("--different", type=int, default=40, help="how many questions of the set")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--memory", type=int, default=5_000, metavar="N", help="over N questions")
    parser.add_argument("--reader", default="", help="as for citable serve")
    parser.add_argument("--out", type=Path, help="write the JSON here as well")
    options = parser.parse_args(arguments)
    lines = options.questions.read_text(encoding="utf-8").splitlines()[: options.different]
    told = {
        **conditions(LIBRARIES),
        "load_before": round(os.getloadavg()[0], 1),
        "reader": options.reader or "shipped",
        "users": options.users,
    }
    with served(options.folder, options.reader) as (address, pid):
        connection = connect(address)
        alone = {q: ask(connection, q) for q in (json.loads(line)["question"] for line in lines)}
        connection.close()
        with hinderers(address, next(iter(alone))):
            end = time.monotonic() + options.seconds
            tally = users(address, alone, options.users, lambda: time.monotonic() < end)
        told |= {"seconds": options.seconds, **tally.to_json()}
        told["memory"] = memory(address, pid, alone, min(options.users, 8), options.memory)
    text = json.dumps(told, indent=2)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
