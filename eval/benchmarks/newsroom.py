"""Score the whole pipeline on a newsroom split: all articles of all its events as one corpus.

python eval/benchmarks/newsroom.py NEWSROOM_FOLDER/test [--reader DIR|similarity] [--json]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from rag.engine import Engine
from rag.evaluation import evaluate
from rag.evaluation.newsroom import write_corpus


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", type=Path)
    parser.add_argument("--reader", default="")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        questions = write_corpus(options.split, Path(folder, "corpus"))
        index = Path(folder, "index")
        with Engine.build(Path(folder, "corpus"), index=index, reader=options.reader) as engine:
            report = evaluate(engine, questions)
    print(json.dumps(report.to_json()) if options.json else report.to_text())


if __name__ == "__main__":
    main()
