"""Score the whole pipeline on a folder of events: all their articles indexed as one corpus.

python eval/benchmarks/newsroom.py [FOLDER] [--reader DIR|similarity] [--limit N] [--json]
                                   [--save REPLIES.jsonl | --replies REPLIES.jsonl]

FOLDER defaults to eval/newsroom. `--save` keeps the replies; `--replies` scores kept ones again,
in a second and without a model.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rag.engine import Engine
from rag.evaluation import Report, evaluate, load_replies, score_replies
from rag.evaluation.newsroom import read_split, write_corpus
from rag.evaluation.questions import GoldQuestion

TEST_EVENTS = Path(__file__).parents[1] / "newsroom"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("events", type=Path, nargs="?", default=TEST_EVENTS)
    parser.add_argument("--reader", default="")
    parser.add_argument("--limit", type=int, default=0, help="so many questions, evenly spread")
    parser.add_argument("--json", action="store_true")
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument("--save", type=Path)
    kept.add_argument("--replies", type=Path)
    options = parser.parse_args()
    report = _again(options) if options.replies else _asked(options)
    print(json.dumps(report.to_json()) if options.json else report.to_text())


def _asked(options: argparse.Namespace) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        questions = _some(write_corpus(options.events, Path(folder, "corpus")), options.limit)
        index = Path(folder, "index")
        with Engine.build(Path(folder, "corpus"), index=index, reader=options.reader) as engine:
            return evaluate(engine, questions, options.save)


def _again(options: argparse.Namespace) -> Report:
    articles, questions = read_split(options.events)
    texts = {article.document: article.text for article in articles}
    return score_replies(_some(questions, options.limit), load_replies(options.replies), texts)


def _some(questions: Sequence[GoldQuestion], limit: int) -> Sequence[GoldQuestion]:
    """At most `limit` questions from all over the set, so that all kinds and events are met."""
    if not 0 < limit < len(questions):
        return questions
    return [questions[len(questions) * i // limit] for i in range(limit)]


if __name__ == "__main__":
    main()
