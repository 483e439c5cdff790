"""What the benchmarks of speed share: passages and questions, taking turns, what is written."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.evaluation.conditions import conditions
from rag.evaluation.questions import load_questions
from rag.splitting import split_sentences
from rag.types import Document, Source

ROOT = Path(__file__).parents[2]
# The longest is one passage of ours still, so that all systems encode the same.
WORDS, SPREAD, FEWEST_WORDS, MOST_WORDS = 100, 20, 20, 120
# Questions for which a rank of times makes sense, and which the articles are about.
QUESTIONS = ROOT / "eval" / "seeds.jsonl"


def passages(count: int) -> list[str]:
    """Passages of about `WORDS` words, each another, the same ones in every run.

    They are sentences of the seed articles in ever new order: natural lengths and words, though
    few different ones.
    """
    sentences = []
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        document = Document(Source(path.name), path.read_text(encoding="utf-8"))
        sentences += [document.text[s.start : s.end] for s in split_sentences(document)]
    rng = random.Random(0)
    made = []
    for _ in range(count):
        wanted = min(MOST_WORDS, max(FEWEST_WORDS, rng.gauss(WORDS, SPREAD)))
        words: list[str] = []
        while len(words) < wanted:
            words += rng.choice(sentences).split()
        made.append(" ".join(words[: round(wanted)]))
    return made


def write_passages(count: int, folder: Path) -> None:
    """Each passage a file of its own; the order of the names is that of the passages."""
    folder.mkdir(parents=True)
    for number, text in enumerate(passages(count)):
        (folder / f"{number:07}.txt").write_text(text, encoding="utf-8")


def questions(count: int) -> list[str]:
    """The first different questions of the seeds' set."""
    return [question.question for question in load_questions(QUESTIONS)][:count]


def by_turns(contestants: Mapping[str, Callable[[], float]], runs: int) -> dict[str, list[float]]:
    """What each returns, `runs` times; they take turns, so that a slow minute is everybody's."""
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(runs):
        for name, run in contestants.items():
            found[name].append(run())
    return found


def timed(run: Callable[[], object]) -> float:
    """Seconds that it takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values reach at most, by rank."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def milliseconds(seconds: Iterable[float]) -> dict[str, float]:
    """Median and 95th percentile, in ms."""
    values = list(seconds)
    return {
        "p50_ms": round(1000 * statistics.median(values), 2),
        "p95_ms": round(1000 * percentile(values, 0.95), 2),
    }


def publish(
    rows: Sequence[dict[str, Any]], path: Path | None, versions: Mapping[str, str], **how: Any
) -> None:
    """Print the rows, and write them with what they belong to where a path is given.

    `versions` are those of what ran in environments of its own; `how` says how it was measured.
    """
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items() if value is not None))
    if path:
        found = {**conditions(), **how, "rows": list(rows)}
        found["versions"] |= versions
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
