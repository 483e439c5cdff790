"""Time indexing end to end, beside peers: from text files to an index on the disk.

python eval/benchmarks/indexing.py [--passages N] [--runs 3] [--json FILE]

Every system indexes the same passages of about 100 words, each a file, with the same embedding
model. `passages_per_second` is of the work alone, from reading the files with the libraries
imported; `whole_seconds` of the whole process. Both are medians; the systems take turns. The
fast form of our model is made before; that takes some ten seconds, once.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

from common import write_passages
from contestants import Arena, Contestant, median, run

from rag.progress import Bar, counted


def measure(arena: Arena, options: argparse.Namespace) -> list[dict[str, Any]]:
    """A row for each contestant."""
    count = options.passages
    found: dict[str, list[dict[str, Any]]] = {one.name: [] for one in arena.contestants}
    sizes = {}
    with tempfile.TemporaryDirectory() as temporary, Bar() as bar:
        folder, store = Path(temporary, "passages"), Path(temporary, "store")
        write_passages(count, folder)
        turns = [one for _ in range(options.runs) for one in arena.contestants]
        for one in counted(turns, "Indexing", bar):
            found[one.name].append(arena.index(one, folder, store))
            sizes[one.name] = sum(p.stat().st_size for p in store.rglob("*") if p.is_file())
            shutil.rmtree(store)
    rows = [row_of(one, count, found[one.name], sizes[one.name]) for one in arena.contestants]
    for row in rows:
        row["times_ours"] = round(row["passages_per_second"] / rows[0]["passages_per_second"], 2)
        row["whole_times_ours"] = round(row["whole_seconds"] / rows[0]["whole_seconds"], 2)
    return rows


def row_of(one: Contestant, passages: int, runs: list[dict[str, Any]], size: int) -> dict[str, Any]:
    assert {run["passages"] for run in runs} == {passages}, f"{one.name} indexed others"
    return {
        "system": one.name,
        "passages": passages,
        "passages_per_second": round(
            statistics.median(passages / run["seconds"] for run in runs), 2
        ),
        "whole_seconds": median(runs, "whole_seconds"),
        "disk_mib": round(size / (1 << 20), 2),
    }


if __name__ == "__main__":
    run(__doc__, measure, passages=500)
