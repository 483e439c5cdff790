"""Time searches in processes that are warm, beside peers.

python eval/benchmarks/search.py [--passages N] [--questions N] [--runs 3] [--json FILE]

Every system indexes the same passages with the same model; then it is started, asked all questions,
and asked them once more to be timed. `peak_mib` is the largest memory of that process. The figures
are medians over the runs, in which the systems take turns. `agrees` is the share of the questions
for which a system has the same best passage as we.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any

from common import milliseconds, questions
from contestants import Arena, median, run

from rag.progress import Bar, counted


def measure(arena: Arena, options: argparse.Namespace) -> list[dict[str, Any]]:
    """A row for each contestant, ours first."""
    found: dict[str, list[dict[str, Any]]] = {one.name: [] for one in arena.contestants}
    with tempfile.TemporaryDirectory() as temporary, Bar() as bar:
        stores = arena.index_all(options.passages, Path(temporary), bar)
        lines = Path(temporary, "questions.txt")
        lines.write_text("\n".join(questions(options.questions)), encoding="utf-8")
        for one in counted(arena.contestants * options.runs, "Searching", bar):
            found[one.name].append(arena.search(one, stores[one.name], lines))
    best = found[arena.contestants[0].name][0]["found"]
    rows = []
    for one in arena.contestants:
        times = [milliseconds(run["seconds"]) for run in found[one.name]]
        same = [a == b for a, b in zip(found[one.name][0]["found"], best, strict=True)]
        rows.append(
            {
                "system": one.name,
                "passages": options.passages,
                "search": one.search,
                "p50_ms": median(times, "p50_ms"),
                "p95_ms": median(times, "p95_ms"),
                "peak_mib": median(found[one.name], "peak_mib"),
                "agrees": round(statistics.mean(same), 2),
            }
        )
    for row in rows:
        row["times_ours"] = round(row["p50_ms"] / rows[0]["p50_ms"], 2)
    return rows


if __name__ == "__main__":
    run(__doc__, measure, passages=500, questions=50)
