"""The file of accepted figures: written from a run, and read by the gate.

TOML: a table for each set, in it one for each split, with the count of questions, a digest of them,
the commit that was measured, and each figure with its noise. Values may be edited by hand, and
figures removed; comments are lost when a set is accepted anew.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluation.conditions import commit
from rag.evaluation.files import unwritable
from rag.evaluation.measures import MEASURES
from rag.evaluation.questions import SPLITS, GoldQuestion
from rag.evaluation.report import Report
from rag.evaluation.rows import Row
from rag.evaluation.summary import LOWER, RANKINGS, Summary

DECIMALS = 6
# A citation whose quote does not stand at its place is always a bug.
EXACT = frozenset({"offset_integrity"})
# Those that say something about the system, not about the set as `yesno_majority` does.
_NAMES = frozenset({*MEASURES, *EXACT, *RANKINGS})
# 64 bits: questions change by edits, not by somebody who looks for a collision.
_DIGEST_DIGITS = 16
_KEYS = ("questions", "digest", "commit", "figures")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_HEADING = """\
# Accepted figures. `citable eval SET --gate THIS_FILE` fails where one is worse than `value` by
# more than `noise`; `citable eval SET --accept THIS_FILE` puts those of a set in and writes the
# whole file anew: comments that you add are lost.
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One accepted figure: `noise` is by how much a run may be worse; `n` how many questions."""

    value: float
    noise: float
    n: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """The accepted figures of one split of a set; `digest` is that of its questions."""

    questions: int
    digest: str
    commit: str
    figures: Mapping[str, Figure]


# By set, then by split.
AcceptedSets = dict[str, dict[str, Accepted]]


def accept(report: Report, name: str, path: Path | str, split: str = "") -> AcceptedSets:
    """Write the figures of a set's run as the accepted ones, and return those of the run.

    `split` is the only one that was run; where it is empty all were, and those that the set does
    not have any more are dropped. What the file holds of other sets stays, its comments do not.
    Raises EvaluationError where a question failed, where a quote does not stand at its place and
    where the file is no such file, all before it is touched, and where it cannot be written.
    """
    path = Path(path)
    _require_sound(report, name)
    found = load_accepted(path) if path.exists() else {}
    measured = commit()
    new = {
        one: _accepted(summary, digest(_asked(report.rows, one)), measured)
        for one, summary in report.by_split.items()
    }
    found[name] = {**found.get(name, {}), **new} if split else new
    try:
        path.write_text(_to_toml(found), encoding="utf-8", newline="\n")
    except OSError as error:
        raise unwritable(path, error) from error
    return {name: new}


def digest(questions: Iterable[GoldQuestion]) -> str:
    """A digest of the ids and wordings of questions, in whatever order they stand."""
    asked = sorted((question.id, question.question) for question in questions)
    text = json.dumps(asked, ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_DIGEST_DIGITS]


def load_accepted(path: Path | str) -> AcceptedSets:
    """Read a file of accepted figures; raises EvaluationError naming what is wrong in it."""
    try:
        sets = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise EvaluationError(f"{path}: is not TOML: {error}") from error
    return {
        name: {
            _one_split(split, f"{path}, [{name}]"): _parse(section, f"{path}, [{name}.{split}]")
            for split, section in _table(splits, f"{path}, [{name}]").items()
        }
        for name, splits in sets.items()
    }


def _require_sound(report: Report, name: str) -> None:
    """Raise EvaluationError where the figures are those of a fault, not of the system."""
    failed = [row for row in report.rows if row.error]
    if failed:
        first = failed[0]
        raise EvaluationError(
            f"{name}: {len(failed)} of {len(report.rows)} questions have no answer to accept, "
            f"first {first.question.id} ({first.error}): mend that and run it again"
        )
    for split, summary in report.by_split.items():
        for measure in sorted(EXACT):
            value = summary.values[measure]
            if value is not None and value < 1:
                raise EvaluationError(
                    f"{name}.{split}: {measure} is {value:.{DECIMALS}f} and has to be 1: some "
                    "quotes do not stand at their place, which is a bug to mend, not to accept"
                )


def _asked(rows: Sequence[Row], split: str) -> Iterable[GoldQuestion]:
    return (row.question for row in rows if row.question.split == split)


def _accepted(summary: Summary, asked: str, measured: str) -> Accepted:
    figures = {
        name: Figure(round(value, DECIMALS), _noise(summary, name), summary.counts[name])
        for name, value in summary.values.items()
        if value is not None and name in _NAMES
    }
    return Accepted(summary.questions, asked, measured, figures)


def _noise(summary: Summary, name: str) -> float:
    """One standard error, and at least what one question is worth.

    All questions are the same in the next run, so this is not how far another sample would be: it
    is what a few answers that turn on another machine, or after a harmless change, can do.
    """
    if name in EXACT:
        return 0.0
    interval = summary.intervals.get(name)
    error = interval.error if interval else 0.0
    return round(max(error, 1 / summary.counts[name]), DECIMALS)


def _to_toml(sets: AcceptedSets) -> str:
    lines = [_HEADING]
    for name, splits in sets.items():
        for split, accepted in splits.items():
            table = f"{name if _BARE_KEY.fullmatch(name) else _quoted(name)}.{split}"
            lines.append(f"[{table}]")
            lines.append(f"questions = {accepted.questions}")
            lines.append(f"digest = {_quoted(accepted.digest)}")
            lines.append(f"commit = {_quoted(accepted.commit)}")
            lines.append(f"[{table}.figures]")
            lines += [_line(name, figure) for name, figure in accepted.figures.items()]
            lines.append("")
    return "\n".join(lines)


def _line(name: str, figure: Figure) -> str:
    better = "lower" if name in LOWER else "higher"
    value, noise = f"{figure.value:.{DECIMALS}f}", f"{figure.noise:.{DECIMALS}f}"
    return f'{name} = {{ value = {value}, noise = {noise}, better = "{better}", n = {figure.n} }}'


def _quoted(text: str) -> str:
    """A TOML string; its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _parse(section: object, where: str) -> Accepted:
    row = _table(section, where)
    if row.keys() != set(_KEYS):
        raise EvaluationError(f"{where}: needs {', '.join(map(repr, _KEYS))} and nothing else")
    figures = _table(row["figures"], f"{where}: figures")
    return Accepted(
        _number(row, "questions", where, whole=True),
        str(row["digest"]),
        str(row["commit"]),
        {name: _parse_figure(name, one, f"{where}: {name}") for name, one in figures.items()},
    )


def _parse_figure(name: str, figure: object, where: str) -> Figure:
    row = _table(figure, where)
    if name not in _NAMES:
        raise EvaluationError(f"{where}: there is no such measure")
    better = "lower" if name in LOWER else "higher"
    if row.get("better") != better:
        raise EvaluationError(f'{where}: needs better = "{better}"')
    return Figure(
        _number(row, "value", where),
        _number(row, "noise", where),
        _number(row, "n", where, whole=True),
    )


def _one_split(split: str, where: str) -> str:
    if split not in SPLITS:
        raise EvaluationError(f"{where}: has no split {split!r}, only {', '.join(SPLITS)}")
    return split


def _table(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise EvaluationError(f"{where}: needs a table")
    return value


def _number(row: Mapping[str, Any], key: str, where: str, *, whole: bool = False) -> Any:
    value = row.get(key)
    kinds = (int,) if whole else (int, float)
    if isinstance(value, kinds) and not isinstance(value, bool) and 0 <= value < math.inf:
        return value
    kind = "whole number" if whole else "number"
    raise EvaluationError(f"{where}: {key!r} needs a {kind} of at least 0, not {value!r}")
