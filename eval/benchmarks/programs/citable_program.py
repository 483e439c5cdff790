"""This project, through its Python interface."""

import sys
import time
from pathlib import Path

from protocol import TOP, Search, run, tell

from rag import Engine


def opened(store: Path, model: str) -> Search:
    engine = Engine.open(store, model=model)
    return lambda question: [hit.passage.text for hit in engine.search(question, TOP)]


def index_folder(folder: str, model: str, store: str) -> None:
    """Its own reading of files is a part of what is timed."""
    started = time.perf_counter()
    with Engine.build(folder, index=store, model=model) as engine:
        taken = time.perf_counter() - started
        tell(passages=engine.status(with_copies=False).passages, seconds=taken)


if sys.argv[1] == "index":
    index_folder(*sys.argv[2:])
else:
    run(lambda *_: None, opened)
