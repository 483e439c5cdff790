"""Work that tells how far it is: what it tells can be shown while it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Step = TypeVar("Step")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """What the work returned."""

    value: Result


async def steps_of(
    work: Callable[[Callable[[Step], None]], Awaitable[Result]],
) -> AsyncGenerator[Step | Done[Result], None]:
    """Await `work`; yield the latest of what it tells, and at last what it returns.

    `work` is called with the function to tell by, which any thread may call. Raises what it raises.
    Who does not read to the end closes it (`contextlib.aclosing`), which cancels the work.
    """
    loop, ended = asyncio.get_running_loop(), object()
    told: asyncio.Queue[Step | object] = asyncio.Queue()

    def tell(step: Step | object) -> None:
        loop.call_soon_threadsafe(told.put_nowait, step)

    async def working() -> Result:
        try:
            return await work(tell)
        finally:
            tell(ended)

    task = asyncio.create_task(working())
    try:
        while (step := await told.get()) is not ended:
            # Whoever shows a step may be slower than the work.
            if told.empty():
                yield step  # type: ignore[misc]
        yield Done(await task)
    finally:
        task.cancel()
