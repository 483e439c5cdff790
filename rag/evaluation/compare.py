"""Two systems on the same questions: the difference in every measure, and whether it is chance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rag.errors import EvaluationError
from rag.evaluation.ranking import Floats
from rag.evaluation.report import Report, aligned
from rag.evaluation.resampling import Interval, bootstrap, p_value, swaps
from rag.evaluation.rows import Table
from rag.evaluation.summary import LOWER, Summary
from rag.types import JSON

_LEGEND = (
    "− marks measures where lower is better; n is the number of questions that a measure applies\n"
    "to, in this run and in the other. 95% is the paired bootstrap interval of the difference, p\n"
    "the paired randomisation test; of twenty equal measures one has p < 0.05 by chance."
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of two systems; `change` is this run's figure less the other's.

    `interval` is None where all questions are one group.
    """

    name: str
    counts: tuple[int, int]
    this: float
    other: float
    interval: Interval | None
    p: float

    @property
    def change(self) -> float:
        return self.this - self.other

    def to_json(self) -> JSON:
        return {
            "this": self.this,
            "other": self.other,
            "difference": self.change,
            "interval": self.interval.to_json() if self.interval else None,
            "p": self.p,
            "questions": list(self.counts),
            "better": "lower" if self.name in LOWER else "higher",
        }

    def cells(self) -> list[str]:
        """The difference as a line of a table."""
        between = self.interval
        return [
            f"{self.name} −" if self.name in LOWER else self.name,
            "/".join(dict.fromkeys(map(str, self.counts))),
            f"{self.this:.2f}",
            f"{self.other:.2f}",
            f"{self.change:+.2f}",
            f"{between.low:+.2f} … {between.high:+.2f}" if between else "–",
            f"{self.p:.3f}",
        ]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every measure that applies to both systems."""

    differences: tuple[Difference, ...]

    def to_json(self) -> JSON:
        return {one.name: one.to_json() for one in self.differences}

    def table(self) -> list[list[str]]:
        """A header, and a line for each measure."""
        header = ["", "n", "this", "other", "difference", "95%", "p"]
        return [header, *(one.cells() for one in self.differences)]

    def to_text(self) -> str:
        return "\n".join([*aligned(self.table()), "", _LEGEND]) + "\n"


def compare(this: Report, other: Report) -> Comparison:
    """Compare two systems question by question.

    Questions are drawn, and their two replies swapped, by groups (`rag.evaluation.resampling`).
    Raises EvaluationError where the reports are on different questions.
    """
    ids = [row.question.id for row in this.rows]
    if ids != [row.question.id for row in other.rows]:
        raise EvaluationError("only systems that were asked the same questions can be compared")
    drawn = _drawn(this, other, ids)
    swapped = _swapped(this, other, ids)
    return Comparison(tuple(_differences(this.overall, other.overall, drawn, swapped)))


def _differences(
    this: Summary, other: Summary, drawn: dict[str, Interval | None], swapped: dict[str, Floats]
) -> Iterable[Difference]:
    for name, changes in swapped.items():
        ours, theirs = this.values[name], other.values[name]
        if ours is not None and theirs is not None:
            counts = this.counts[name], other.counts[name]
            p = p_value(ours - theirs, changes)
            yield Difference(name, counts, ours, theirs, drawn.get(name), p)


def _drawn(this: Report, other: Report, ids: list[str]) -> dict[str, Interval | None]:
    weights = bootstrap(ids)
    if weights is None:
        return {}
    ours, theirs = (Table.of(report.rows).figures(weights) for report in (this, other))
    return {name: Interval.of(ours[name] - theirs[name]) for name in ours}


def _swapped(this: Report, other: Report, ids: list[str]) -> dict[str, Floats]:
    """The differences between two systems of which each question's replies may be swapped."""
    both = Table.of((*this.rows, *other.rows))
    kept = swaps(ids)
    ours = both.figures(np.hstack((kept, 1 - kept)))
    theirs = both.figures(np.hstack((1 - kept, kept)))
    return {name: ours[name] - theirs[name] for name in ours}
