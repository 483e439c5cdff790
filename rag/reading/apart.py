"""Extracts text in a process of its own, so that a file made to break its reader breaks that alone.

PDF, Word and web files are programs of a kind: libraries that read them can be kept busy without
end, made to ask for any memory, or crashed. Text and Markdown files are read in place.

`python -m rag.reading.apart` is that process. It is told a suffix and the bytes, and answers in
JSON, which cannot do anything to who reads it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from threading import Event, Timer
from typing import BinaryIO

from rag.errors import ReadingError
from rag.reading.document import Extracted, extract
from rag.reading.files import TEXT_SUFFIXES
from rag.reading.limits import MEMORY_BYTES, seconds_for
from rag.reading.metadata import Metadata
from rag.types import JSON

# How much memory the process takes is known from here, on Linux; elsewhere it has no bound.
_STATE = Path("/proc/self/statm")


class Apart:
    """Extracts as `extract` does, but in another process, within bounds of time and memory.

    The process starts with the first file that needs it and ends with the context; `seconds` says
    how long a file of so many bytes may take, `memory` how many bytes beside the program itself.
    """

    def __init__(
        self, seconds: Callable[[int], float] = seconds_for, memory: int = MEMORY_BYTES
    ) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def __call__(self, suffix: str, data: bytes) -> Extracted:
        """Raises ReadingError where the text cannot be had, or not within the bounds."""
        if suffix in TEXT_SUFFIXES:
            return extract(suffix, data)
        process = self._process = self._process or _start(self._memory)
        late = Event()

        def end() -> None:
            late.set()
            process.kill()

        seconds = self._seconds(len(data))
        timer = Timer(seconds, end)
        timer.start()
        try:
            line = _told(process, suffix, data)
        finally:
            timer.cancel()
        if late.is_set():
            self._end()
            raise ReadingError(
                f"reading it takes longer than the {seconds:.0f} seconds that a file of its size "
                "may take; save it again, or as text"
            )
        if not line:
            self._end()
            raise ReadingError("reading it broke its reader; save it again, or as text")
        answer = json.loads(line)
        if answer["is_last"]:
            self._end()
        if answer["refused"]:
            raise ReadingError(answer["refused"])
        return Extracted(
            answer["text"],
            Metadata(**answer["metadata"]),
            answer["block_end"],
            frozenset(answer["running"]),
        )

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _start(memory: int) -> subprocess.Popen[bytes]:
    # What this program imports, but nothing that lies in the folder where it was started.
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", __name__, str(memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )


def _told(process: subprocess.Popen[bytes], suffix: str, data: bytes) -> bytes:
    """The answer's line, or nothing where the process has ended without one."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps([suffix, len(data)]).encode() + b"\n")
        process.stdin.write(data)
        process.stdin.flush()
    except BrokenPipeError:
        return b""
    return process.stdout.readline()


# The other process


def answer(suffix: str, data: bytes) -> JSON:
    """What is answered to one file; `is_last` says that no other is taken after it."""
    refused, is_last = "", False
    try:
        found = extract(suffix, data)
        return {**asdict(found), "running": sorted(found.running), "refused": "", "is_last": False}
    except ReadingError as error:
        refused = str(error)
    except MemoryError:
        # What was left half done may hold the memory still.
        is_last = True
        refused = (
            "reading it takes more memory than a file may take; divide it into several files, or "
            "save it as text"
        )
    except RecursionError:
        refused = "its parts are nested too deeply; save it again, or as text"
    return {"refused": refused, "is_last": is_last}


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer file after file until the input ends."""
    while line := asked.readline():
        suffix, size = json.loads(line)
        told = answer(suffix, asked.read(size))
        answers.write(json.dumps(told).encode() + b"\n")
        answers.flush()


def _limit_memory(most: int) -> None:
    if not _STATE.exists():
        return
    import resource  # noqa: PLC0415  # which not every system has

    used = int(_STATE.read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = used + most
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this process ends it
    _limit_memory(int(sys.argv[1]))
    # What a library may print must not stand among the answers.
    own = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, own)
