"""The line of questions: its order, whose turn it is, who gives way, and who has left."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from starlette.testclient import TestClient

import rag.line
from rag.doors.api import build_api
from rag.doors.service import Service
from rag.engine import Engine
from rag.line import BusyError, Line, client_of

# What comes into the line has its place there before the next one comes.
MOMENT = 0.01


class Play:
    """People who come one after another while the first one's question is being answered."""

    def __init__(self, most: int = 100) -> None:
        self.line = Line(most)
        self.done: list[str] = []
        self.refused: list[str] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    async def come(self, name: str, **more: Any) -> None:
        """Somebody called as their client is, with a number: `a1`, `a2`, `b1`."""

        def work() -> None:
            self.begun.set()
            assert self.go_on.wait(20)
            self.done.append(name)

        try:
            await self.line.run(work, name[0], **more)
        except BusyError as error:
            self.refused.append(f"{name}: {error}")

    async def people(self, *names: str) -> list[asyncio.Task[None]]:
        tasks = []
        for name in names:
            tasks.append(asyncio.create_task(self.come(name)))
            await asyncio.sleep(MOMENT)
        return tasks


def test_those_who_wait_have_turns_one_after_another() -> None:
    play = Play()

    async def run() -> None:
        tasks = await play.people("a1", "a2", "a3", "a4", "b1", "c1", "b2")
        play.go_on.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())
    assert play.done == ["a1", "a2", "b1", "c1", "a3", "b2", "a4"]


def test_whoever_has_most_in_a_full_line_gives_way() -> None:
    play = Play(most=4)

    async def run() -> None:
        tasks = await play.people("a1", "a2", "a3", "a4", "a5", "b1", "b2", "c1")
        play.go_on.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())
    full = "4 questions wait already"
    assert play.refused == [
        f"a5: {full}: ask again later",
        f"a4: {full}, 3 of them yours, and others came: ask again later",
        f"b2: {full}: ask again later",
        f"a3: {full}, 2 of them yours, and others came: ask again later",
    ]
    assert play.done == ["a1", "a2", "b1", "c1"]


def test_who_has_left_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.line, "LOOK_SECONDS", MOMENT)
    play = Play()

    async def left() -> bool:
        return True

    async def run() -> None:
        tasks = await play.people("a1", "a2", "b1")
        cancelled, stays = tasks[1], tasks[2]
        cancelled.cancel()
        with suppress(asyncio.CancelledError):
            await cancelled
        await play.come("c1", has_left=left)
        play.go_on.set()
        await asyncio.gather(tasks[0], stays)

    asyncio.run(run())
    assert play.done == ["a1", "b1"]
    assert play.refused == ["c1: who asked did not wait for the answer"]


def test_what_is_being_answered_keeps_its_turn_though_nobody_waits() -> None:
    play = Play()

    async def run() -> None:
        first, second = await play.people("a1", "b1")
        # What the worker has not begun would be dropped.
        assert await asyncio.to_thread(play.begun.wait, 20)
        first.cancel()
        await asyncio.sleep(MOMENT)
        assert not second.done()
        play.go_on.set()
        await second

    asyncio.run(run())
    assert play.done == ["a1", "b1"]


def test_who_waits_is_told_how_many_come_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.line, "LOOK_SECONDS", MOMENT)
    play, told, seen = Play(), dict[str, int](), dict[str, int]()

    def note(name: str) -> Callable[[int], None]:
        return lambda before: told.update({name: before})

    async def run() -> None:
        names = ("a1", "a2", "a3", "b1", "b2", "c1")
        tasks = []
        for name in names:
            tasks.append(asyncio.create_task(play.come(name, waiting=note(name))))
            await asyncio.sleep(MOMENT)
        await asyncio.sleep(10 * MOMENT)
        # Who waits is told other numbers as soon as the line goes on.
        seen.update(told)
        play.go_on.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())
    order = play.done
    assert order == ["a1", "a2", "b1", "c1", "a3", "b2"]
    assert seen == {name: order.index(name) for name in order[1:]}


def test_threads_and_coroutines_share_one_line() -> None:
    line, inside = Line(), list[str]()

    def measure() -> None:
        for _ in range(20):
            with line.turn("measuring"):
                inside.append("in")
                assert inside.count("in") - inside.count("out") == 1
                inside.append("out")

    def work() -> None:
        inside.append("in")
        assert inside.count("in") - inside.count("out") == 1
        inside.append("out")

    async def ask() -> None:
        for _ in range(20):
            await line.run(work, "page")

    people = [threading.Thread(target=one) for one in (measure, measure)]
    people += [threading.Thread(target=lambda: asyncio.run(ask())) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert inside == ["in", "out"] * 80


def test_an_error_passes_the_turn_on() -> None:
    line = Line()

    def fail() -> None:
        raise ValueError("planted")

    for _ in range(2):
        with pytest.raises(ValueError, match="planted"):
            asyncio.run(line.run(fail, "a"))
    with pytest.raises(ValueError, match="planted"), line.turn("a"):
        fail()
    assert asyncio.run(line.run(lambda: 7, "b")) == 7


def test_a_client_is_an_address_at_a_door() -> None:
    assert client_of("api", "192.0.2.1") == "api 192.0.2.1" != client_of("page", "192.0.2.1")
    assert client_of("api", "2001:db8::1") == client_of("api", "2001:db8::2")
    assert client_of("api", "2001:db8:1::1") != client_of("api", "2001:db8::1")
    assert client_of("api", "::ffff:192.0.2.1") == client_of("api", "192.0.2.1")
    assert client_of("mcp", None) == "mcp "


def test_a_full_line_is_told_with_a_time_to_come_again(engine: Engine) -> None:
    client = TestClient(build_api(Service(engine, Line(most=0))))
    for path in ("ask", "search"):
        response = client.post(f"/api/v1/{path}", json={"question": "What do tickets cost?"})
        assert (response.status_code, response.headers["retry-after"]) == (503, "10")
        told: Any = response.json()["errors"][0]
        assert told["what"] == "0 questions wait already: ask again later"
        assert told["mend"] == "ask again in 10 seconds"
    assert client.get("/api/v1/documents").status_code == 200
