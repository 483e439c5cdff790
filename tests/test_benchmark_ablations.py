"""The ablation table is made: each row by its own part of the system."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_part_answers(tmp_path: Path) -> None:
    out = tmp_path / "ablations.json"
    subprocess.run(
        [
            sys.executable,
            "eval/benchmarks/ablations.py",
            *("--sets", "eval/seeds.jsonl", "--limit", "6", "--reader", "similarity"),
            *("--json", str(out)),
        ],
        cwd=ROOT,
        check=True,
        timeout=300,
    )
    rows = {row["system"]: row for row in json.loads(out.read_text(encoding="utf-8"))["rows"]}
    assert list(rows) == [
        "BM25 only",
        "dense only",
        "hybrid",
        "+ reader reranking",
        "+ reader spans",
        "+ answer builder",
    ]
    for name in ("BM25 only", "dense only", "hybrid"):
        assert rows[name]["recall@10"] > 0
