"""The options of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from rag.encoding import DEFAULT_MODEL
from rag.evaluation.questions import SPLITS

DEFAULT_INDEX = "index"
# A command of two words: `cli.main` joins them.
EVAL_NEW = "eval new"
DEFAULT_SET = "eval/seeds.jsonl"
# Those of the reader and the retriever, and those that measure a judge.
PUBLIC_READING = tuple("condaqa multispanqa scifact selqa squad squadshifts trecqa wikiqa".split())
PUBLIC_JUDGING = ("attributionbench", "wice", "wice-dev")
PUBLIC_SETS = (*PUBLIC_READING, *PUBLIC_JUDGING)
BIBLIOGRAPHIES = ("csl", "bibtex")


def parser() -> argparse.ArgumentParser:
    """The parser of `citable`; `command` names the command."""
    root = argparse.ArgumentParser(
        prog="citable",
        description="Ask a folder of documents; get verbatim quotes with exact citations.",
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
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

    _add_indexing(commands, common)
    status = commands.add_parser("status", parents=[common], help="say what is in the index")
    status.add_argument("--json", action="store_true", help="print JSON")

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
    search = commands.add_parser("search", parents=[common, asking], help="ranked passages alone")
    search.add_argument("--json", action="store_true", help="one JSON object a line")
    search.add_argument("-k", type=int, default=10, help="how many passages (default: 10)")

    _add_eval(commands, [common, reading])
    _add_new(commands, [common])
    _add_doors(commands, [common, reading])
    return root


def _add_indexing(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    pruning = argparse.ArgumentParser(add_help=False)
    pruning.add_argument(
        "--prune",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="remove documents whose files are gone from these paths",
    )
    index = commands.add_parser(
        "index", parents=[common, pruning], help="build or update the index"
    )
    index.add_argument("paths", nargs="+", metavar="PATH", help="a file or folder to index")
    index.add_argument(
        "--rebuild", action="store_true", help="index only these paths, everything anew"
    )
    watch = commands.add_parser(
        "watch", parents=[common, pruning], help="update the index whenever files change"
    )
    watch.add_argument("paths", nargs="+", metavar="FOLDER", help="a folder to index and watch")
    watch.set_defaults(rebuild=False)


def _add_eval(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser],
) -> None:
    evaluation = commands.add_parser("eval", parents=parents, help="score a question set")
    evaluation.add_argument(
        "set",
        nargs="?",
        default=DEFAULT_SET,
        metavar="SET",
        help="a question set over the index (SET.jsonl), or a folder of events, whose articles are "
        f"indexed for it (default: {DEFAULT_SET})",
    )
    evaluation.add_argument(
        "--public",
        choices=PUBLIC_SETS,
        metavar="NAME",
        help="instead, the reader or the retriever alone on a public set: "
        f"{', '.join(PUBLIC_READING)}; or the judge: {', '.join(PUBLIC_JUDGING)}",
    )
    evaluation.add_argument(
        "--data", metavar="FOLDER", help="where the public sets are, each in a folder of its name"
    )
    evaluation.add_argument("--split", choices=SPLITS, default="", help="only this part of the set")
    evaluation.add_argument(
        "--limit", type=_at_least_one, default=0, metavar="N", help="N questions, evenly spread"
    )
    replies = evaluation.add_mutually_exclusive_group()
    replies.add_argument(
        "--retrieval",
        action="store_true",
        help="measure only how high the passages with gold evidence are ranked",
    )
    replies.add_argument("--save", metavar="FILE", help="keep the answers in a new file")
    replies.add_argument(
        "--answers",
        metavar="FILE",
        help="score these instead of asking: an answer of any system in JSON with its question's "
        "id, one a line",
    )
    evaluation.add_argument(
        "--judge",
        metavar="NAME",
        default="",
        help="instead of gold evidence, let a judge say whether quotes support their claims: "
        "'words', or one of yours as MODULE:NAME; with --answers no set is needed",
    )
    against = evaluation.add_mutually_exclusive_group()
    against.add_argument(
        "--compare",
        metavar="FILE",
        help="the differences from the answers of another system, with intervals and p values",
    )
    against.add_argument(
        "--gate",
        metavar="FILE",
        help="exit with 1 where a figure is worse than the accepted one by more than its noise",
    )
    against.add_argument(
        "--accept", metavar="FILE", help="write the figures of this run as the accepted ones"
    )
    evaluation.add_argument(
        "--report",
        metavar="FILE",
        help="write the report to FILE.html (one page with plots, no scripts) or FILE.md as well",
    )
    evaluation.add_argument("--json", action="store_true", help="print JSON")


def _add_new(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser],
) -> None:
    new = commands.add_parser(
        EVAL_NEW, parents=parents, help="write questions with gold evidence over the index"
    )
    new.add_argument("set", metavar="SET.jsonl", help="the set to write to; made where it is not")
    new.add_argument(
        "--split", choices=SPLITS, default="dev", help="of the questions (default: dev)"
    )


def _at_least_one(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"needs a whole number of at least 1, not {text!r}")
    return number


def _add_doors(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    parents: Sequence[argparse.ArgumentParser],
) -> None:
    serve = commands.add_parser(
        "serve", parents=parents, help="serve the page, the HTTP API (/api/v1) and MCP (/mcp)"
    )
    serve.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on (default: 127.0.0.1, this machine only)",
    )
    serve.add_argument("--port", type=int, default=7860, help="port (default: 7860; 0: any free)")
    login = serve.add_mutually_exclusive_group()
    login.add_argument(
        "--auth",
        metavar="USER:PASSWORD",
        help="ask for this login; others on this machine can see it here, so rather use "
        "--auth-file or the variable CITABLE_AUTH",
    )
    login.add_argument("--auth-file", metavar="FILE", help="a file with the line USER:PASSWORD")
    serve.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="HOST",
        help="a host name under which a proxy on this machine passes requests on (several: once "
        "each); it asks for a login, as others can come through the proxy",
    )
    serve.add_argument(
        "--insecure",
        action="store_true",
        help="listen to other machines without a login: they can read all documents",
    )
    commands.add_parser(
        "mcp", parents=parents, help="an MCP server on standard input and output, for agents"
    )


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
