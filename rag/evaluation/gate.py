"""The gate: whether the accepted figures of a set, or of one split, still hold within their noise.

They hold for the questions that they were accepted on: a set with others, or without one of the
accepted splits, is an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.errors import EvaluationError
from rag.evaluation.accepted import DECIMALS, Accepted, Figure, digest
from rag.evaluation.questions import GoldQuestion
from rag.evaluation.report import Report, aligned
from rag.evaluation.summary import LOWER
from rag.types import JSON

# The file has so many decimals; what differs by less is equal.
_ROUNDING = 10**-DECIMALS


@dataclass(frozen=True, slots=True)
class Checked:
    """One accepted figure of a split beside what it is `now`; None where it no longer applies."""

    split: str
    name: str
    accepted: Figure
    now: float | None

    @property
    def gain(self) -> float | None:
        """By how much the figure is better than the accepted one; negative where it is worse."""
        if self.now is None:
            return None
        higher = self.now - self.accepted.value
        return -higher if self.name in LOWER else higher

    @property
    def fell(self) -> bool:
        """Whether it is worse by more than its noise; what no longer applies has fallen."""
        return self.gain is None or self.gain < -self.accepted.noise - _ROUNDING

    @property
    def rose(self) -> bool:
        """Whether it is better by more than its noise."""
        return self.gain is not None and self.gain > self.accepted.noise + _ROUNDING

    def to_json(self) -> JSON:
        return {
            "split": self.split,
            "measure": self.name,
            "accepted": self.accepted.value,
            "noise": self.accepted.noise,
            "now": self.now,
            "fell": self.fell,
        }

    def cells(self) -> list[str]:
        """The figure as a line of a table."""
        label = f"{self.split} {self.name} −" if self.name in LOWER else f"{self.split} {self.name}"
        now = "–" if self.now is None else f"{self.now:.3f}"
        return [label, f"{self.accepted.value:.3f}", f"{self.accepted.noise:.3f}", now]


@dataclass(frozen=True, slots=True)
class Gate:
    """All accepted figures of the splits that were run."""

    name: str
    checked: tuple[Checked, ...]

    @property
    def fell(self) -> tuple[Checked, ...]:
        return tuple(one for one in self.checked if one.fell)

    @property
    def rose(self) -> tuple[Checked, ...]:
        return tuple(one for one in self.checked if one.rose)

    @property
    def passed(self) -> bool:
        return not self.fell

    def to_json(self) -> JSON:
        return {
            "set": self.name,
            "passed": self.passed,
            "checked": [one.to_json() for one in self.checked],
        }

    def to_text(self) -> str:
        """What fell and what rose, as tables; − marks measures where lower is better."""
        lines = [
            f"gate {self.name}: {len(self.fell)} of {len(self.checked)} figures fell below their "
            f"accepted value by more than its noise, {len(self.rose)} rose"
        ]
        for word, some in (("fell", self.fell), ("rose", self.rose)):
            if some:
                header = [word, "accepted", "noise", "now"]
                lines += ["", *aligned([header, *(one.cells() for one in some)])]
        return "\n".join(lines) + "\n"


def require_accepted(
    questions: Sequence[GoldQuestion], name: str, splits: Mapping[str, Accepted], split: str = ""
) -> None:
    """Raise EvaluationError unless these questions, by id and wording, are those accepted on.

    `name` is the set's, `splits` its accepted figures; `split` is the only one that is run, and
    where it is empty the questions have to be of all accepted splits. This needs no answers.
    """
    by_split: dict[str, list[GoldQuestion]] = {}
    for question in questions:
        by_split.setdefault(question.split, []).append(question)
    for one, asked in by_split.items():
        if one not in splits:
            raise EvaluationError(f"no figures are accepted for {name}.{one}: use --accept")
        _require_same(asked, f"{name}.{one}", splits[one])
    gone = [] if split else sorted(splits.keys() - by_split.keys())
    if gone:
        raise EvaluationError(
            f"{name}: has no questions of {', '.join(gone)} here, and figures are accepted for "
            "them: bring them back, or --accept the set anew"
        )


def _require_same(asked: Sequence[GoldQuestion], where: str, accepted: Accepted) -> None:
    if len(asked) != accepted.questions:
        raise EvaluationError(
            f"{where}: has {len(asked)} questions here, and the figures were accepted on "
            f"{accepted.questions}: ask them all, or --accept the set anew"
        )
    if digest(asked) != accepted.digest:
        raise EvaluationError(
            f"{where}: has other questions, or in other words, than those that the figures were "
            "accepted on: bring them back, or --accept the set anew"
        )


def check(report: Report, name: str, splits: Mapping[str, Accepted], split: str = "") -> Gate:
    """Hold a run of the set `name`, or of its one `split`, against its accepted figures.

    Raises EvaluationError as `require_accepted` does.
    """
    require_accepted([row.question for row in report.rows], name, splits, split)
    return Gate(
        name,
        tuple(
            Checked(one, measure, figure, values[measure])
            for one, summary in report.by_split.items()
            for values in [summary.values]
            for measure, figure in splits[one].figures.items()
        ),
    )
