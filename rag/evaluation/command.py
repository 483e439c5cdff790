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
from rag.evaluation.files import check_folder, check_new
from rag.evaluation.gate import check, require_accepted
from rag.evaluation.newsroom import write_articles
from rag.evaluation.questions import SPLITS, GoldQuestion
from rag.evaluation.recorded import Recorded, load_replies
from rag.evaluation.report import Report
from rag.evaluation.run import Library, evaluate, score_replies
from rag.progress import Progress, silent

# A figure fell below its gate, or the figures could not be accepted.
EXIT_FELL = 1


def run_eval(options: argparse.Namespace, progress: Progress = silent) -> tuple[str, int]:
    """Evaluate as the options say; returns what is to be printed, and the exit status.

    The status is 1 where a figure fell below its gate, and where the figures of the run cannot be
    accepted; the report is printed all the same. Raises CitableError, and before anything is
    indexed or asked where a file of the options is not what it should be, or where the split has no
    questions.
    """
    corpus = load_corpus(options.set)
    questions = _chosen(corpus, options)
    replies = load_replies(options.answers, corpus.questions) if options.answers else None
    others = load_replies(options.compare, corpus.questions) if options.compare else None
    accepted = load_accepted(options.gate).get(corpus.name, {}) if options.gate else {}
    if options.gate:
        require_accepted(questions, corpus.name, accepted, options.split)
    if options.accept:
        _check_accepting(Path(options.accept), options.limit)
    if options.save:
        check_new(Path(options.save))
    report, other = _reports(corpus, questions, replies, others, options, progress)
    text, found = report.to_text(), report.to_json()
    status = 0
    if other:
        comparison = compare(report, other)
        text, found["comparison"] = comparison.to_text(), comparison.to_json()
    elif options.gate:
        gate = check(report, corpus.name, accepted, options.split)
        text, found["gate"] = f"{text}\n{gate.to_text()}", gate.to_json()
        status = 0 if gate.passed else EXIT_FELL
    elif options.accept:
        done, said = _accepting(report, corpus.name, options)
        text, found["accept"] = f"{text}\n{said}\n", {"accepted": done, "message": said}
        status = 0 if done else EXIT_FELL
    return (json.dumps(found, ensure_ascii=False) + "\n" if options.json else text), status


def _chosen(corpus: Corpus, options: argparse.Namespace) -> Sequence[GoldQuestion]:
    """The questions to ask, at least one."""
    questions = corpus.part(options.split, options.limit)
    if not questions:
        there = {question.split for question in corpus.questions}
        splits = ", ".join(split for split in SPLITS if split in there)
        only = f"of split {options.split}, only of {splits}" if there else "at all"
        raise EvaluationError(f"{options.set}: has no questions {only}")
    return questions


def _accepting(report: Report, name: str, options: argparse.Namespace) -> tuple[bool, str]:
    """Accept the figures: whether it was done, and what to say of it.

    A refusal raises nothing, since the report of a long run would be lost with it.
    """
    try:
        splits = ", ".join(accept(report, name, options.accept, options.split)[name])
    except EvaluationError as error:
        return False, f"not accepted: {error}"
    return True, f"accepted the figures of {name} ({splits}) in {options.accept}"


def _check_accepting(path: Path, limit: int) -> None:
    """What would go wrong when the figures are written, hours later."""
    if limit:
        raise EvaluationError("only figures of whole splits can be accepted: leave --limit out")
    if path.exists():
        load_accepted(path)
    check_folder(path)


def _reports(
    corpus: Corpus,
    questions: Sequence[GoldQuestion],
    replies: Sequence[Recorded] | None,
    others: Sequence[Recorded] | None,
    options: argparse.Namespace,
    progress: Progress,
) -> tuple[Report, Report | None]:
    """The report on this run, and the one that it is compared with."""
    with ExitStack() as stack:
        library: Library = corpus
        if replies is not None and corpus.articles:
            # Saved answers and the articles at hand: nothing has to be indexed.
            report = score_replies(questions, replies, corpus)
        else:
            library = engine = stack.enter_context(_engine(corpus, options, progress))
            if replies is None:
                report = evaluate(engine, questions, options.save, progress)
            else:
                report = score_replies(questions, replies, engine)
        other = None if others is None else score_replies(questions, others, library)
    return report, other


@contextmanager
def _engine(corpus: Corpus, options: argparse.Namespace, progress: Progress) -> Iterator[Engine]:
    """An engine over the set's documents; articles that a set brings along are indexed for it."""
    chosen = {"model": options.model, "reader": options.reader, "progress": progress}
    if not corpus.articles:
        with Engine.open(options.index, **chosen) as engine:
            yield engine
        return
    with tempfile.TemporaryDirectory() as folder:
        texts, index = Path(folder, "corpus"), Path(folder, "index")
        write_articles(corpus.articles, texts)
        with Engine.build(texts, index=index, **chosen) as engine:
            yield engine
