"""The command line: `citable index|status|ask|search|eval|serve`.

Exit status: 0 done, 1 an error (one line on standard error), 2 wrong usage, 3 indexed but some
files were skipped, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from tqdm import tqdm

from rag.encoding import DEFAULT_MODEL
from rag.engine import Engine, Status
from rag.errors import CitableError, QuestionError
from rag.evaluation import evaluate, load_questions
from rag.export import to_bibtex, to_csl
from rag.results import Abstention, Answer
from rag.types import JSON, Filters, describe

DEFAULT_INDEX = "index"
DEFAULT_SET = "eval/seeds.jsonl"
BIBLIOGRAPHIES = ("csl", "bibtex")
# Near-copies that `status` prints: a page of them; JSON has them all.
SHOWN_GROUPS, SHOWN_IN_GROUP = 20, 5
EXIT_ERROR, EXIT_SKIPPED, EXIT_INTERRUPTED = 1, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        status = options.run(options)
        sys.stdout.flush()
        return int(status)
    except CitableError as error:
        print(f"citable: {error}", file=sys.stderr)
        return EXIT_ERROR
    except BrokenPipeError:
        # The reader of our output has gone (`citable ask … | head`): there is nobody to tell.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_ERROR
    except KeyboardInterrupt:
        print("citable: interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED


def _index(options: argparse.Namespace) -> int:
    with tqdm(unit=" files", disable=None, leave=False) as bar:

        def progress(stage: str, done: int, total: int) -> None:
            bar.set_description(stage, refresh=False)
            bar.total, bar.n = total, done
            bar.refresh()

        engine = Engine.build(
            *options.paths,
            index=options.index,
            model=options.model,
            prune=options.prune,
            rebuild=options.rebuild,
            progress=progress,
        )
    with engine:
        report, status = engine.last_report, engine.status(with_copies=False)
    assert report is not None
    for skipped in report.skipped:
        print(f"skipped {skipped.path}: {skipped.reason}", file=sys.stderr)
    print(
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.unchanged)} "
        f"unchanged, {len(report.removed)} removed, {len(report.skipped)} skipped; "
        f"'{status.folder}' holds {status.documents} documents in {status.passages} passages"
    )
    return EXIT_SKIPPED if report.skipped else 0


def _status(options: argparse.Namespace) -> int:
    with Engine.open(options.index, model=options.model) as engine:
        status, sources = engine.status(), engine.documents()
    if options.json:
        documents = [{**source.to_json(), "sha256": source.sha256} for source in sources]
        _print_json(
            {
                "index": status.folder,
                "documents": documents,
                "passages": status.passages,
                "encoder": status.encoder,
                "roots": list(status.roots),
                "copies": [list(group) for group in status.copies],
                "shared_sentences": status.shared_sentences,
            }
        )
        return 0
    print(f"index      {status.folder}")
    print(f"documents  {status.documents}")
    print(f"passages   {status.passages}")
    print(f"encoder    {status.encoder}")
    print(f"from       {', '.join(status.roots)}")
    print(f"copies     {_copies_line(status)}")
    for group in status.copies[:SHOWN_GROUPS]:
        print(f"  {', '.join(group[:SHOWN_IN_GROUP])}{_rest(len(group) - SHOWN_IN_GROUP)}")
    if len(status.copies) > SHOWN_GROUPS:
        print(f"  and {len(status.copies) - SHOWN_GROUPS:,} more groups (all: --json)")
    print("contents")
    for source in sources:
        print(f"  {describe(source)}")
    return 0


def _copies_line(status: Status) -> str:
    copied = sum(map(len, status.copies))
    return (
        f"{copied:,} documents in {len(status.copies):,} groups of near-copies; "
        f"{status.shared_sentences:,} sentences shared by other documents"
    )


def _rest(more: int) -> str:
    return f" and {more:,} more" if more > 0 else ""


def _ask(options: argparse.Namespace) -> int:
    with _open(options) as engine:
        asked = _answered(options, engine)
        if options.format in BIBLIOGRAPHIES:
            return _print_bibliography([answer for _, answer in asked], options.format)
        for row, answer in asked:
            if options.format == "json":
                _print_json({**row, **answer.to_json()})
            else:
                print(answer.to_markdown() if options.format == "markdown" else answer.to_text())
    return 0


def _answered(
    options: argparse.Namespace, engine: Engine
) -> Iterator[tuple[JSON, Answer | Abstention]]:
    """Each question with its result, in order; in a conversation each knows those before it."""
    filters = _filters(options)
    history: list[Answer | Abstention] = []
    for row, question in _questions(options):
        result = engine.ask(question, filters=filters, history=history)
        if options.conversation:
            history.append(result)
        yield row, result


def _print_bibliography(answers: Sequence[Answer | Abstention], form: str) -> int:
    """One bibliography of all answers; that a question has none is said on standard error."""
    for answer in answers:
        if isinstance(answer, Abstention):
            print(f"no answer to “{answer.question}”: {answer.reason}", file=sys.stderr)
    if form == "csl":
        print(json.dumps(to_csl(*answers), ensure_ascii=False, indent=2))
    else:
        print(to_bibtex(*answers), end="")
    return 0


def _search(options: argparse.Namespace) -> int:
    filters = _filters(options)
    with Engine.open(options.index, model=options.model) as engine:
        for row, question in _questions(options):
            hits = engine.search(question, options.k, filters=filters)
            if options.json:
                found = [hit.to_json() for hit in hits]
                _print_json({**row, "question": question, "hits": found})
                continue
            for rank, hit in enumerate(hits, 1):
                passage = hit.passage
                print(
                    f"{rank}. {describe(passage.source)}:{passage.start}-{passage.end}  "
                    f"score {hit.score:.4f} dense {hit.dense:.3f} lexical {hit.lexical:.2f}"
                )
                print(f"   {' '.join(passage.text.split())}\n")
            if not hits:
                print("No passage matches the question and filters.")
    return 0


def _eval(options: argparse.Namespace) -> int:
    questions = load_questions(options.set)
    if options.split:
        questions = [question for question in questions if question.split == options.split]
    with _open(options) as engine:
        report = evaluate(engine, questions)
    if options.json:
        _print_json(report.to_json())
    else:
        print(report.to_text())
    return 0


def _serve(options: argparse.Namespace) -> int:
    # Gradio takes seconds to import: only the page pays for it.
    from rag.page import launch  # noqa: PLC0415

    with _open(options) as engine:
        launch(engine, host=options.host, port=options.port)
    return 0


def _open(options: argparse.Namespace) -> Engine:
    return Engine.open(options.index, model=options.model, reader=options.reader)


def _questions(options: argparse.Namespace) -> Iterator[tuple[JSON, str]]:
    """Each question with the other keys of its row, all checked before the first is asked."""
    if options.questions is None:
        yield {}, options.question
        return
    yield from [
        _parse_question(line, f"{options.questions}:{number}")
        for number, line in enumerate(_lines(options.questions), 1)
        if line.strip()
    ]


def _lines(name: str) -> list[str]:
    try:
        if name == "-":
            return sys.stdin.read().splitlines()
        return Path(name).read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"cannot read the questions in '{name}': {error}") from error


def _parse_question(line: str, where: str) -> tuple[JSON, str]:
    if not line.lstrip().startswith("{"):
        return {}, line.strip()
    try:
        row = json.loads(line)
    except ValueError as error:
        raise QuestionError(f"{where}: not valid JSON ({error})") from error
    question = row.get("question")
    if not isinstance(question, str) or not question.strip():
        raise QuestionError(f'{where}: the row has no question: give a string as "question"')
    return row, question


def _filters(options: argparse.Namespace) -> Filters:
    return Filters(
        tuple(options.document),
        tuple(options.publisher),
        options.published_from,
        options.published_to,
    )


def _print_json(value: JSON) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="citable",
        description="Ask a folder of documents; get verbatim quotes with exact citations.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--index", metavar="DIR", default=DEFAULT_INDEX, help="the index folder (default: index)"
    )
    common.add_argument(
        "--model",
        default=DEFAULT_MODEL,
        help=f"a sentence-transformers model by path or cached name (default: {DEFAULT_MODEL})",
    )

    reading = argparse.ArgumentParser(add_help=False)
    reading.add_argument(
        "--reader",
        metavar="DIR",
        default="",
        help="a trained reader's folder, or 'similarity' for the baseline (default: the shipped)",
    )

    index = commands.add_parser("index", parents=[common], help="build or update the index")
    index.add_argument("paths", nargs="+", metavar="PATH", help="a file or folder to index")
    index.add_argument(
        "--prune",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="remove documents whose files are gone from these paths",
    )
    index.add_argument(
        "--rebuild", action="store_true", help="index only these paths, everything anew"
    )
    index.set_defaults(run=_index)

    status = commands.add_parser("status", parents=[common], help="say what is in the index")
    status.add_argument("--json", action="store_true", help="print JSON")
    status.set_defaults(run=_status)

    asking = _asking_options()
    ask = commands.add_parser(
        "ask", parents=[common, asking, reading], help="answer with cited quotes"
    )
    form = ask.add_mutually_exclusive_group()
    form.add_argument(
        "--format",
        choices=("text", "json", "markdown", *BIBLIOGRAPHIES),
        default="text",
        help="csl and bibtex print one bibliography of the cited documents (default: text)",
    )
    form.add_argument(
        "--json",
        action="store_const",
        const="json",
        dest="format",
        help="the same as --format json",
    )
    ask.add_argument(
        "--conversation",
        action="store_true",
        help="the questions follow each other: “And Germany?” is read with the one before",
    )
    ask.set_defaults(run=_ask)
    search = commands.add_parser("search", parents=[common, asking], help="ranked passages alone")
    search.add_argument("--json", action="store_true", help="one JSON object a line")
    search.add_argument("-k", type=int, default=10, help="how many passages (default: 10)")
    search.set_defaults(run=_search)

    evaluation = commands.add_parser("eval", parents=[common, reading], help="score a question set")
    evaluation.add_argument(
        "set", nargs="?", default=DEFAULT_SET, metavar="SET.jsonl", help=f"default: {DEFAULT_SET}"
    )
    evaluation.add_argument("--split", choices=("dev", "test"), help="only this half of the set")
    evaluation.add_argument("--json", action="store_true", help="print JSON")
    evaluation.set_defaults(run=_eval)

    serve = commands.add_parser("serve", parents=[common, reading], help="open the page")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--port", type=int, default=7860, help="port to listen on")
    serve.set_defaults(run=_serve)
    return parser


def _asking_options() -> argparse.ArgumentParser:
    asking = argparse.ArgumentParser(add_help=False)
    what = asking.add_mutually_exclusive_group(required=True)
    what.add_argument("question", nargs="?", help="the question")
    what.add_argument(
        "--questions", metavar="FILE", help="one question a line, plain or JSON; - reads the input"
    )
    asking.add_argument(
        "--document", action="append", default=[], metavar="ID", help="only in this document"
    )
    asking.add_argument(
        "--publisher", action="append", default=[], metavar="NAME", help="only of this publisher"
    )
    asking.add_argument(
        "--from", dest="published_from", default="", metavar="DAY", help="published from this day"
    )
    asking.add_argument(
        "--to", dest="published_to", default="", metavar="DAY", help="published up to this day"
    )
    return asking


if __name__ == "__main__":
    sys.exit(main())
