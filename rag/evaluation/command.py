"""What `citable eval` does: from its options to what it prints and its exit status."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rag.engine import Engine
from rag.errors import EvaluationError
from rag.evaluation.accepted import accept, load_accepted
from rag.evaluation.compare import compare
from rag.evaluation.corpora import Corpus, load_corpus
from rag.evaluation.gate import check, require_accepted
from rag.evaluation.newsroom import write_articles
from rag.evaluation.questions import GoldQuestion
from rag.evaluation.recorded import Recorded, load_replies
from rag.evaluation.report import Report
from rag.evaluation.run import Library, evaluate, score_replies

EXIT_FELL = 1


def run_eval(options: argparse.Namespace) -> tuple[str, int]:
    """Evaluate as the options say; returns what is to be printed, and the exit status.

    The status is 1 where a figure fell below its gate. Raises CitableError, and before anything is
    asked where a file of the options is not what it should be.
    """
    corpus = load_corpus(options.set)
    questions = corpus.part(options.split, options.limit)
    replies = load_replies(options.answers, corpus.questions) if options.answers else None
    others = load_replies(options.compare, corpus.questions) if options.compare else None
    accepted = load_accepted(options.gate).get(corpus.name, {}) if options.gate else {}
    if options.gate:
        require_accepted(questions, corpus.name, accepted)
    if options.accept:
        _check_accepting(Path(options.accept), options.limit)
    report, other = _reports(corpus, questions, replies, others, options)
    text, found = report.to_text(), report.to_json()
    status = 0
    if other:
        comparison = compare(report, other)
        text, found["comparison"] = comparison.to_text(), comparison.to_json()
    elif options.gate:
        gate = check(report, corpus.name, accepted)
        text, found["gate"] = f"{text}\n{gate.to_text()}", gate.to_json()
        status = 0 if gate.passed else EXIT_FELL
    elif options.accept:
        splits = ", ".join(accept(report, corpus.name, options.accept)[corpus.name])
        text += f"\naccepted the figures of {corpus.name} ({splits}) in {options.accept}\n"
    return (json.dumps(found, ensure_ascii=False) + "\n" if options.json else text), status


def _check_accepting(path: Path, limit: int) -> None:
    """What would go wrong when the figures are written, hours later."""
    if limit:
        raise EvaluationError("only figures of whole splits can be accepted: leave --limit out")
    if path.exists():
        load_accepted(path)


def _reports(
    corpus: Corpus,
    questions: Sequence[GoldQuestion],
    replies: Sequence[Recorded] | None,
    others: Sequence[Recorded] | None,
    options: argparse.Namespace,
) -> tuple[Report, Report | None]:
    """The report on this run, and the one that it is compared with."""
    with ExitStack() as stack:
        library: Library = corpus
        if replies is not None and corpus.articles:
            # Saved answers and the articles at hand: nothing has to be indexed.
            report = score_replies(questions, replies, corpus)
        else:
            library = engine = stack.enter_context(_engine(corpus, options))
            if replies is None:
                report = evaluate(engine, questions, options.save)
            else:
                report = score_replies(questions, replies, engine)
        other = None if others is None else score_replies(questions, others, library)
    return report, other


@contextmanager
def _engine(corpus: Corpus, options: argparse.Namespace) -> Iterator[Engine]:
    """An engine over the set's documents; articles that a set brings along are indexed for it."""
    if not corpus.articles:
        with Engine.open(options.index, model=options.model, reader=options.reader) as engine:
            yield engine
        return
    with tempfile.TemporaryDirectory() as folder:
        texts, index = Path(folder, "corpus"), Path(folder, "index")
        write_articles(corpus.articles, texts)
        with Engine.build(texts, index=index, model=options.model, reader=options.reader) as engine:
            yield engine
