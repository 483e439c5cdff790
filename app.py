"""Opens the page over the index in `index/`: `python app.py`, which is `citable serve`."""

from __future__ import annotations

import sys

from rag.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
