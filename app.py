"""Opens the page over the index in `index/`: `python app.py`. `citable serve` has the options."""

from __future__ import annotations

import sys

from rag.engine import Engine
from rag.errors import CitableError
from rag.page import launch


def main() -> int:
    """Serve until interrupted; returns the exit status."""
    try:
        launch(Engine.open("index"))
    except CitableError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
