"""The Markdown tables of benchmarks, and that those in the repository are those of their files."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (
    "before\n\n<!-- table r.json set=b: name, x=the x, n -->\nold\n<!-- end of table -->\nafter\n"
)


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    path = ROOT / "eval" / "benchmarks" / "tables.py"
    spec = importlib.util.spec_from_file_location("tables", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_table_is_made_of_its_rows(tables: ModuleType, tmp_path: Path) -> None:
    rows = [
        {"set": "a", "name": "no"},
        {"set": "b", "name": "one|two", "x": 0.125, "n": 3},
        {"set": "b", "name": "+ none", "x": None},
    ]
    found = {"rows": rows, "commit": "abc", "machine": {"processor": "P", "cores": 2}}
    (tmp_path / "r.json").write_text(json.dumps(found), encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(TEXT, encoding="utf-8")
    assert tables.main([str(page), "--check"]) == 1
    assert page.read_text(encoding="utf-8") == TEXT
    assert tables.main([str(page)]) == 0
    assert page.read_text(encoding="utf-8").splitlines()[2:11] == [
        "<!-- table r.json set=b: name, x=the x, n -->",
        "",
        "| name | the x | n |",
        "| --- | --: | --: |",
        "| one\\|two | 0.12 | 3 |",
        "| + none | – | – |",
        "",
        "Commit abc; P, 2 cores.",
        "<!-- end of table -->",
    ]
    assert tables.main([str(page), "--check"]) == 0


def test_a_table_without_its_file_stays_empty(tables: ModuleType, tmp_path: Path) -> None:
    assert "old" not in tables.filled(TEXT, tmp_path)


def test_the_tables_of_the_repository_are_up_to_date(tables: ModuleType) -> None:
    assert tables.main(["--check"]) == 0
