"""Put the figures of benchmarks into the Markdown tables that show them.

python eval/benchmarks/tables.py [FILE.md …] [--check]

A table stands between two comments; the first names a JSON file, by its path from the Markdown
file, and the columns, each as `key` or `key=heading`:

<!-- table benchmarks/results/x.json set=newsroom: system, MRR, short_answer=short answer -->
…
<!-- end of table -->

The JSON holds `rows`, a list of objects, and what the figures belong to (`commit`, `machine`);
words of the form key=value after the file's name take only the rows that have that value. A table
whose file is not there stays empty. `--check` changes nothing, and exits with 1 where a table is
out of date.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

README = Path(__file__).parents[1] / "README.md"
_TABLE = re.compile(
    r"(?P<begin><!-- table (?P<file>\S+)(?P<only>(?: \S+=\S+)*): (?P<columns>[^\n]*?) -->\n)"
    r".*?(?P<end><!-- end of table -->)",
    re.DOTALL,
)
MISSING = "–"


def filled(text: str, folder: Path) -> str:
    """The Markdown with every table made anew; `folder` is where its paths begin."""

    def fill(match: re.Match[str]) -> str:
        path = folder / match["file"]
        if not path.exists():
            return f"{match['begin']}{match['end']}"
        found = json.loads(path.read_text(encoding="utf-8"))
        wanted = dict(pair.split("=", 1) for pair in match["only"].split())
        rows = [r for r in found["rows"] if all(str(r.get(k)) == v for k, v in wanted.items())]
        columns = [column.strip() for column in match["columns"].split(",")]
        lines = [*table(rows, columns), "", _belongs_to(found)]
        return "\n".join((match["begin"], *lines, match["end"]))

    return _TABLE.sub(fill, text)


def table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> list[str]:
    """The lines of a table; numbers have two decimals, whole ones none, and stand to the right."""
    keys, headings = zip(*((c.split("=", 1) * 2)[:2] for c in columns), strict=True)
    cells = [[_cell(row.get(key)) for key in keys] for row in rows]
    numeric = [all(not isinstance(row.get(key), str) for row in rows) for key in keys]
    ruler = ["--:" if right else "---" for right in numeric]
    return [f"| {' | '.join(line)} |" for line in (headings, ruler, *cells)]


def _cell(value: object) -> str:
    if value is None:
        return MISSING
    return f"{value:.2f}" if isinstance(value, float) else str(value).replace("|", "\\|")


def _belongs_to(found: dict[str, Any]) -> str:
    machine = found["machine"]
    return f"Commit {found['commit']}; {machine['processor']}, {machine['cores']} cores."


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, default=[README])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    stale = False
    for path in options.files:
        text = path.read_text(encoding="utf-8")
        new = filled(text, path.parent)
        if new != text:
            stale = True
            print(f"{path}: {'is out of date' if options.check else 'written'}")
            if not options.check:
                path.write_text(new, encoding="utf-8")
    return int(stale and options.check)


if __name__ == "__main__":
    sys.exit(main())
