"""Work that tells how far it is: what it tells can be shown while it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Generic, TypeVar

Step = TypeVar("Step")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """What the work returned."""

    value: Result


def steps_of(work: Callable[[Callable[[Step], None]], Result]) -> Iterator[Step | Done[Result]]:
    """Run `work` in a thread; yield the latest of what it tells, and at last what it returns.

    `work` is called with the function to tell by. Raises what it raises.
    """
    ended = object()
    told: SimpleQueue[Step | object] = SimpleQueue()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work, told.put)
        future.add_done_callback(lambda _: told.put(ended))
        while (step := told.get()) is not ended:
            # Whoever shows a step may be slower than the work.
            if told.empty():
                yield step  # type: ignore[misc]
    yield Done(future.result())
