"""What `citable eval` does: from its options to what it prints and its exit status."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rag.engine import Engine
from rag.errors import EvaluationError
from rag.evaluation.accepted import Accepted, accept, load_accepted
from rag.evaluation.compare import compare
from rag.evaluation.conditions import conditions
from rag.evaluation.corpora import Corpus, load_corpus
from rag.evaluation.files import check_folder, check_new, check_report
from rag.evaluation.gate import check, require_accepted
from rag.evaluation.judged import judge_replies
from rag.evaluation.judges import load_judge
from rag.evaluation.newsroom import write_articles
from rag.evaluation.questions import SPLITS, GoldQuestion
from rag.evaluation.recorded import Recorded, ask_all, load_replies, save_replies
from rag.evaluation.report import Report
from rag.evaluation.run import Library, check_documents, evaluate, score_replies
from rag.progress import Progress, counted, silent
from rag.types import JSON

# A figure fell below its gate, or the figures could not be accepted.
EXIT_FELL = 1
# The accepted figures that a report shows the change from, where no other file is named.
DEFAULT_ACCEPTED = "eval/expected.toml"


def run_eval(options: argparse.Namespace, progress: Progress = silent) -> tuple[str, int]:
    """Evaluate as the options say; returns what is to be printed, and the exit status.

    The status is 1 where a figure fell below its gate, and where the figures of the run cannot be
    accepted; the report is printed all the same. Raises CitableError, and before anything is
    indexed or asked where a file of the options is not what it should be, or where the split has no
    questions.
    """
    if options.public:
        return _public(options), 0
    if options.judge:
        return _judged(options, progress), 0
    corpus = load_corpus(options.set)
    questions = _chosen(corpus, options)
    if options.retrieval:
        if options.gate or options.accept or options.compare or options.report:
            raise EvaluationError(
                "--retrieval makes no answers: leave --gate, --accept, --compare and --report out"
            )
        return _retrieval(corpus, questions, options, progress), 0
    replies = load_replies(options.answers, corpus.questions) if options.answers else None
    others = load_replies(options.compare, corpus.questions) if options.compare else None
    # A sample has figures of its own: they are less certain than those of the whole set.
    name = f"{corpus.name}-{options.limit}" if options.limit else corpus.name
    accepted = _accepted(name, options)
    if options.gate:
        require_accepted(questions, name, accepted, options.split)
    if options.accept:
        _check_accepting(Path(options.accept))
    if options.save:
        check_new(Path(options.save))
    if options.report:
        check_report(Path(options.report))
    report, other = _reports(corpus, questions, replies, others, options, progress)
    said, found, status = _beside(report, other, name, accepted, options)
    if options.report:
        _write_report(report, other, name, accepted, options)
    if options.json:
        return json.dumps({**report.to_json(), **found}, ensure_ascii=False) + "\n", status
    return said if other else f"{report.to_text()}{said}", status


def _public(options: argparse.Namespace) -> str:
    """The scores of a public set, a line for each, and what has to be said with them."""
    # Few ask for it, and it loads the reader's libraries.
    from rag.evaluation.public import NOTES, evaluate_public  # noqa: PLC0415

    if not options.data:
        raise EvaluationError("--public needs --data FOLDER, the folder that holds the public sets")
    found = evaluate_public(
        options.public,
        Path(options.data),
        options.limit,
        reader=options.reader,
        model=options.model,
        judge=options.judge,
    )
    note = NOTES.get(options.public, "")
    if options.json:
        return json.dumps({"set": options.public, **found, "note": note or None}) + "\n"
    width = max(map(len, found))
    lines = [f"{name:{width}}  {value:g}" for name, value in found.items()]
    return "\n".join([*lines, *([f"({note})"] if note else ())]) + "\n"


def _judged(options: argparse.Namespace, progress: Progress) -> str:
    """What a judge makes of a file of answers as they are, or of the answers to a set."""
    if options.retrieval or options.gate or options.accept or options.compare or options.report:
        raise EvaluationError(
            "--judge uses no gold evidence: leave --retrieval, --gate, --accept, --compare and "
            "--report out"
        )
    if options.answers and (options.split or options.limit):
        raise EvaluationError(
            "--judge judges all answers of the file of --answers: leave --split and --limit out"
        )
    judge = load_judge(options.judge)
    replies = load_replies(options.answers) if options.answers else _asked(options, progress)
    judged = judge_replies(judge, replies)
    if options.json:
        return json.dumps(judged.to_json(), ensure_ascii=False) + "\n"
    return judged.to_text()


def _asked(options: argparse.Namespace, progress: Progress) -> Sequence[Recorded]:
    """The answers to the questions of a set, kept in a file where one is named."""
    corpus = load_corpus(options.set)
    questions = _chosen(corpus, options)
    if options.save:
        check_new(Path(options.save))
    with _engine(corpus, options, progress) as engine:
        asked = ask_all(engine, counted(questions, "Asking", progress))
        return save_replies(asked, options.save) if options.save else list(asked)


def _retrieval(
    corpus: Corpus,
    questions: Sequence[GoldQuestion],
    options: argparse.Namespace,
    progress: Progress,
) -> str:
    """The measures of the ranking alone: no reader is loaded, no answer made."""
    # The measures' library takes half a second to load.
    from rag.evaluation.retrieval import evaluate_retrieval  # noqa: PLC0415

    with _engine(corpus, options, progress) as engine:
        check_documents(questions, engine)
        passages = engine.status(with_copies=False).passages
        found = evaluate_retrieval(engine, questions, passages)
    if options.json:
        return json.dumps(found.to_json(), ensure_ascii=False) + "\n"
    return found.to_text()


def _beside(
    report: Report,
    other: Report | None,
    name: str,
    accepted: Mapping[str, Accepted],
    options: argparse.Namespace,
) -> tuple[str, JSON, int]:
    """What is said beside the report on a run: as text, as keys of its JSON, and the exit status.

    A comparison with another system is said in the place of the report.
    """
    if other:
        comparison = compare(report, other)
        return comparison.to_text(), {"comparison": comparison.to_json()}, 0
    if options.gate:
        gate = check(report, name, accepted, options.split)
        status = 0 if gate.passed else EXIT_FELL
        return f"\n{gate.to_text()}", {"gate": gate.to_json()}, status
    if options.accept:
        done, said = _accepting(report, name, options)
        status = 0 if done else EXIT_FELL
        return f"\n{said}\n", {"accept": {"accepted": done, "message": said}}, status
    return "", {}, 0


def _accepted(name: str, options: argparse.Namespace) -> Mapping[str, Accepted]:
    """The set's accepted figures by split: to hold the run against, or to show in a report."""
    path = options.gate or options.accept or DEFAULT_ACCEPTED
    if options.gate or (options.report and Path(path).exists()):
        return load_accepted(path).get(name, {})
    return {}


def _write_report(
    report: Report,
    other: Report | None,
    name: str,
    accepted: Mapping[str, Accepted],
    options: argparse.Namespace,
) -> None:
    # The templates' library takes a tenth of a second to load: only who wants a report pays.
    from rag.evaluation.reporting import Contents, write_report  # noqa: PLC0415

    asked = {"saved answers": options.answers} if options.answers else _system(options)
    chosen = {
        "set": options.set,
        "split": options.split,
        "limit": str(options.limit or ""),
        **asked,
        "compared with": options.compare,
    }
    contents = Contents(
        name,
        report,
        accepted,
        {key: value for key, value in chosen.items() if value},
        conditions(),
        datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        compare(report, other).table() if other else (),
    )
    write_report(contents, Path(options.report))


def _system(options: argparse.Namespace) -> dict[str, str]:
    """What was asked, by its options."""
    brought = Path(options.set).is_dir()
    return {
        "index": "made of the set's articles" if brought else options.index,
        "model": options.model,
        "reader": options.reader or "the shipped one",
    }


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


def _check_accepting(path: Path) -> None:
    """What would go wrong when the figures are written, hours later."""
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
