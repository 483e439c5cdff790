"""The same as `citable eval eval/newsroom`, from any folder, or with another folder of events.

python eval/benchmarks/newsroom.py [FOLDER] [--reader DIR|similarity] [--limit N] [--json]
                                   [--save REPLIES.jsonl | --answers REPLIES.jsonl] …
"""

from __future__ import annotations

import sys
from pathlib import Path

from rag.cli import main

TEST_EVENTS = Path(__file__).parents[1] / "newsroom"

if __name__ == "__main__":
    # A folder comes first; what begins with a dash is an option.
    named = len(sys.argv) > 1 and not sys.argv[1].startswith("-")
    sys.exit(main(["eval", *([] if named else [str(TEST_EVENTS)]), *sys.argv[1:]]))
