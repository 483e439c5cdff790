"""People on the page by the dozen, over its own protocol: those who ask, who read and who add."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import rag.line
from rag.doors.guard import Access
from rag.engine import Engine
from rag.line import Line
from rag.page.catalogue import token
from rag.reader.similarity import SimilarityReader
from rag.serving import Server, start
from rag.types import Evidence, Hit
from tests.conftest import ROOT
from tests.fakes import WordEncoder
from tests.test_consistency import QUESTION as FERRIES
from tests.test_consistency import TOWNS, Sure, text_of

QUESTION = "What do tickets cost?"
QUOTE = "Tickets cost 45 kronor."
ASK = ("citable-question", "submit")
# More than the threads of a server, of which none may wait in the line.
MANY = 50
UPDATES = 4
# What ends a service: Ctrl-C, whoever ends it, and a terminal that closes.
ENDINGS = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]


class Blocking(SimilarityReader):
    """Reads once it is let."""

    def __init__(self) -> None:
        super().__init__(WordEncoder())
        self.go_on = threading.Event()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        assert self.go_on.wait(60)
        return super().read(question, hits)


@contextmanager
def serving(engine: Engine, line: Line | None = None) -> Iterator[Server]:
    server = start(engine, access=Access(port=0), line=line)
    try:
        yield server
    finally:
        server.close()


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def counted(line: Line) -> int:
    """How many questions are in the line, the one that is being answered too."""
    with line._lock:
        return line._count()


def waiting(line: Line) -> set[str]:
    """The clients who wait in the line."""
    with line._lock:
        return set(line._waiting)


def opened(engine: Engine, reader: SimilarityReader) -> Engine:
    """The same index with another reader."""
    return Engine.open(engine.folder, encoder=WordEncoder(), reader=reader)


def test_people_on_the_page_wait_in_the_line_of_all_doors(
    engine: Engine, crowd: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.line, "LOOK_SECONDS", 0.05)
    reader, line = Blocking(), Line(most=MANY)

    with (
        opened(engine, reader) as slow,
        serving(slow, line) as server,
        ThreadPoolExecutor(MANY + 1) as pool,
    ):
        people = [crowd.Person(server.address) for _ in range(MANY)]
        late, program = crowd.Person(server.address), crowd.Program(server.address)
        try:
            asked = [pool.submit(person.cause, *ASK, [QUESTION, None]) for person in people]
            until(lambda: counted(line) == MANY)
            # One more is told so in plain words; who only reads does not wait.
            with pytest.raises(http.client.HTTPException, match="50 questions wait already: ask"):
                late.ask(QUESTION)
            read = late.cause("citable-documents", "read", [], {"document": token("library.md")})
            assert "40,000 books" in read[-1][0]
            # A program has turns of its own: the last one on the page gives way to it.
            first = pool.submit(program.ask, QUESTION)
            until(lambda: "api 127.0.0.1" in waiting(line))
            # They came in any order: which of them is the last is not known here.
            assert sum(one.done() for one in asked) <= 1
        finally:
            reader.go_on.set()
        assert json.loads(first.result())["citations"][0]["quote"] == QUOTE
        answers = [one.result()[-1][2] for one in asked]
        for user in (*people, late, program):
            user.close()
    refused = [answer for answer in answers if 'class="notice"' in answer]
    assert len(refused) == 1
    assert "50 questions wait already, 49 of them yours, and others came" in refused[0]
    assert sum(QUOTE in answer for answer in answers) == MANY - 1


def test_who_waits_on_the_page_sees_how_many_come_before_and_leaves_the_line(
    engine: Engine, crowd: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.line, "LOOK_SECONDS", 0.05)
    reader, line = Blocking(), Line()
    with opened(engine, reader) as slow, serving(slow, line) as server:
        try:
            first, second = crowd.Person(server.address), crowd.Person(server.address)
            first.join("a", *ASK, [QUESTION, None])
            until(lambda: counted(line) == 1)
            second.join("b", *ASK, [QUESTION, None])
            stream = second._connection
            stream.request("GET", "/gradio_api/queue/data?session_hash=b")
            response = stream.getresponse()
            told = b""
            while b"1 question comes before this one" not in told:
                told = response.readline()
                assert told
            assert counted(line) == 2
            response.close()
            stream.close()
            until(lambda: counted(line) == 1)
        finally:
            reader.go_on.set()
        until(lambda: counted(line) == 0)
        assert QUOTE.encode() in first.ask(QUESTION)
        first.close()


def test_each_door_has_its_turns(engine: Engine, crowd: ModuleType) -> None:
    line = Line()
    call = {"name": "ask", "arguments": {"question": QUESTION}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    }
    with serving(engine, line) as server, ThreadPoolExecutor(3) as pool:
        agent, program = crowd.connect(server.address), crowd.Program(server.address)
        person = crowd.Person(server.address)
        with line.turn("a test"):
            agent.request("POST", "/mcp", json.dumps(body), headers)
            pool.submit(program.ask, QUESTION)
            pool.submit(person.ask, QUESTION)
            wanted = {f"{door} 127.0.0.1" for door in ("api", "mcp", "page")}
            until(lambda: wanted == waiting(line))
        told = json.load(agent.getresponse())["result"]["structuredContent"]
        assert told["citations"][0]["quote"] == QUOTE
    for user in (agent, program, person):
        user.close()


def test_programs_see_one_state_while_somebody_adds_replaces_and_removes(
    engine: Engine, crowd: ModuleType
) -> None:
    constant = {one.id: engine.document(one.id).text for one in engine.documents()}
    states: list[Mapping[str, str]] = [constant]
    states += [
        constant | {f"{town}.txt": text_of(town, state) for town in TOWNS}
        for state in range(UPDATES)
    ]
    states.append({name: text for name, text in states[-1].items() if name != f"{TOWNS[0]}.txt"})
    answers: list[list[Any]] = [[], []]
    stop = threading.Event()

    def ask(own: list[Any]) -> None:
        program = crowd.Program(server.address)
        while not stop.is_set():
            own.append(json.loads(program.ask(FERRIES)))
        own.append(json.loads(program.ask(FERRIES)))
        program.close()

    encoder = WordEncoder()
    with opened(engine, Sure(encoder)) as sure, serving(sure) as server:
        threads = [threading.Thread(target=ask, args=(own,)) for own in answers]
        for thread in threads:
            thread.start()
        person = crowd.Person(server.address)
        try:
            until(lambda: all(answers))
            for state in states[1:-1]:
                files = [sent(person, name, state[name]) for name in state if name not in constant]
                told = person.cause("citable-drop", "bring", [""], {"files": files})[-1][0]
                assert "3 done" in told
                # The first answer after an update may have begun before it; the second is of it.
                before = [len(own) for own in answers]
                until(lambda: all(len(a) > n + 1 for a, n in zip(answers, before, strict=True)))  # noqa: B023
            gone = {"document": token(f"{TOWNS[0]}.txt")}
            told = person.cause("citable-documents", "discard", [""], gone)[-1][0]
            assert "removed" in told
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            person.close()
    for own in answers:
        fitting = [fits(answer, states) for answer in own]
        assert all(fitting)
        # Time goes on in one direction: no answer is of a state before that of an earlier one.
        earliest = 0
        for numbers in fitting:
            earliest = min(number for number in (*numbers, len(states)) if number >= earliest)
            assert earliest < len(states)
        assert len(states) - 1 in fitting[-1]
    assert len({numbers for own in answers for numbers in [fits(one, states) for one in own]}) > 2


def sent(person: Any, name: str, text: str) -> dict[str, object]:
    """What the page's script tells of a file that it has sent."""
    content = text.encode()
    return {"name": name, "size": len(content), "path": person.send(name, content)}


def fits(answer: Any, states: Sequence[Mapping[str, str]]) -> tuple[int, ...]:
    """The numbers of the states in which all that an answer cites stands where it is cited."""
    return tuple(
        number
        for number, state in enumerate(states)
        if all(
            state.get(one["document"], "")[one["start"] : one["end"]] == one["quote"]
            for one in answer["citations"]
        )
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_browsers_send_lies_in_a_private_folder_that_goes_with_the_process(
    engine: Engine, crowd: ModuleType, ending: signal.Signals
) -> None:
    program = textwrap.dedent(f"""
        import rag.cli
        from rag.engine import Engine
        from tests.fakes import WordEncoder
        opened = Engine.open({str(engine.folder)!r}, encoder=WordEncoder(), reader="similarity")
        rag.cli._open = lambda *_: opened
        rag.cli.main(["serve", "--port", "0"])
    """)
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            person = crowd.Person(process.stdout.readline().removeprefix("Citable is at ").strip())
            path = Path(person.send("a.txt", b"left behind"))
            person.close()
            [folder] = [one for one in path.parents if re.fullmatch(r"citable-\w+", one.name)]
            assert path.read_bytes() == b"left behind"
            if os.name == "posix":
                assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            process.send_signal(ending)
            assert process.wait(timeout=20) == 0
            assert not folder.exists()
        finally:
            process.kill()
