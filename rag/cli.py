"""The command line: `citable index|watch|status|ask|search|eval|serve|mcp`.

Exit status: 0 done, 1 an error (one line on standard error) or a figure below its gate, 2 wrong
usage, 3 indexed but some files were skipped, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from rag.engine import Engine, Status
from rag.errors import CitableError, QuestionError
from rag.evaluation import run_eval
from rag.evaluation.writing import Writing
from rag.export import to_bibtex, to_csl
from rag.indexing import run_index, run_watch
from rag.options import BIBLIOGRAPHIES, EVAL_NEW, parser
from rag.progress import Bar, counted, silent
from rag.results import Abstention, Answer
from rag.types import JSON, Filters, describe

# Near-copies that `status` prints: a page of them; JSON has them all.
SHOWN_GROUPS, SHOWN_IN_GROUP = 20, 5
EXIT_ERROR, EXIT_INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if " ".join(given[:2]) == EVAL_NEW:
        given[:2] = [EVAL_NEW]
    options = parser().parse_args(given)
    try:
        with Bar() as bar:
            status = COMMANDS[options.command](options, bar)
        sys.stdout.flush()
        return status
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


def _status(options: argparse.Namespace, _: Bar) -> int:
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


def _ask(options: argparse.Namespace, bar: Bar) -> int:
    with _open(options, bar) as engine:
        asked = _answered(options, engine, bar)
        if options.format in BIBLIOGRAPHIES:
            return _print_bibliography([answer for _, answer in asked], options.format)
        for row, answer in asked:
            if options.format == "json":
                _print_json({**row, **answer.to_json()})
            else:
                print(answer.to_markdown() if options.format == "markdown" else answer.to_text())
    return 0


def _answered(
    options: argparse.Namespace, engine: Engine, bar: Bar
) -> Iterator[tuple[JSON, Answer | Abstention]]:
    """Each question with its result, in order; in a conversation each knows those before it."""
    filters = _filters(options)
    history: list[Answer | Abstention] = []
    questions = _questions(options)
    # Where the answers go to the terminal as they come, they are the progress.
    progress = silent if sys.stdout.isatty() else bar
    for row, question in counted(questions, "Asking", progress):
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


def _search(options: argparse.Namespace, bar: Bar) -> int:
    filters = _filters(options)
    with Engine.open(options.index, model=options.model, progress=bar) as engine:
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


def _eval(options: argparse.Namespace, bar: Bar) -> int:
    text, status = run_eval(options, bar)
    print(text, end="")
    return status


def _eval_new(options: argparse.Namespace, bar: Bar) -> int:
    with Engine.open(options.index, model=options.model, progress=bar) as engine:
        Writing(engine, Path(options.set), options.split, sys.stdin, sys.stdout).run()
    return 0


def _serve(options: argparse.Namespace, bar: Bar) -> int:
    # Gradio, FastAPI and MCP take seconds to import: only who serves pays for them.
    from rag.doors.guard import Access, find_login  # noqa: PLC0415
    from rag.serving import launch  # noqa: PLC0415

    login = find_login(options.auth, options.auth_file, os.environ)
    names = tuple(options.name)
    access = Access(options.host, options.port, login, options.insecure, names)
    # Whoever ends a service says so by SIGTERM, and a terminal that closes by SIGHUP, unless
    # `nohup` keeps it away: it has to tidy up as for Ctrl-C.
    for ending in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(ending) is not signal.SIG_IGN:
            signal.signal(ending, signal.default_int_handler)
    with _open(options, bar) as engine:
        launch(engine, access)
    return 0


def _mcp(options: argparse.Namespace, bar: Bar) -> int:
    # The same.
    from rag.doors.mcp import build_mcp, serve_stdio  # noqa: PLC0415
    from rag.doors.service import Service  # noqa: PLC0415

    with _open(options, bar) as engine:
        # A thread waits in a read of the input, which nothing interrupts, and Python would wait
        # for that thread: the process has to end without it. Nothing is written that it could cut.
        signal.signal(signal.SIGINT, _end_at_once)
        serve_stdio(build_mcp(Service(engine)))
    return 0


def _end_at_once(*_: object) -> None:
    os.write(sys.stderr.fileno(), b"citable: interrupted\n")
    os._exit(EXIT_INTERRUPTED)


def _open(options: argparse.Namespace, bar: Bar) -> Engine:
    return Engine.open(options.index, model=options.model, reader=options.reader, progress=bar)


def _questions(options: argparse.Namespace) -> list[tuple[JSON, str]]:
    """Each question with the other keys of its row, all checked before the first is asked."""
    if options.questions is None:
        return [({}, options.question)]
    return [
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


COMMANDS: dict[str, Callable[[argparse.Namespace, Bar], int]] = {
    "index": run_index,
    "watch": run_watch,
    "status": _status,
    "ask": _ask,
    "search": _search,
    "eval": _eval,
    EVAL_NEW: _eval_new,
    "serve": _serve,
    "mcp": _mcp,
}


if __name__ == "__main__":
    sys.exit(main())
