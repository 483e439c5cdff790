"""What a written report shows, in numbers and texts; how it looks is the templates' matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.evaluation.accepted import Accepted, digest
from rag.evaluation.gate import Checked
from rag.evaluation.measures import supported, supports
from rag.evaluation.questions import GoldSpan
from rag.evaluation.ranking import Bin, reliability
from rag.evaluation.replies import Cited
from rag.evaluation.report import Report
from rag.evaluation.resampling import Interval
from rag.evaluation.rows import Row
from rag.evaluation.summary import LOWER, Summary
from rag.types import JSON

SLOWEST = 10
# What a reader looks at first, in their words; all measures stand in the breakdown.
HEADLINE = {
    "short_answer": "short answer right",
    "list_f1": "list F1",
    "speaker_right": "speaker right",
    "yesno_right": "yes or no right",
    "evidence_accuracy": "first claim on gold evidence",
    "citation_precision": "citation precision",
    "citation_recall": "citation recall",
    "citation_f1": "citation F1",
    "evidence_recall": "evidence recall",
    "wrong_polarity": "items of the wrong side",
    "undecided_apart": "undecided parties kept apart",
    "all_values": "all differing values shown",
    "rightly_refused": "unanswerable refused",
    "wrongly_refused": "answerable wrongly refused",
    "answered_wrong": "answered, and wrong",
    "auroc": "AUROC of confidence",
    "aurc": "area under risk and coverage",
    "calibration_error": "calibration error",
    "offset_integrity": "quotes that stand at their place",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of a table; `changes` has an entry for each of the contents' splits."""

    name: str
    label: str
    count: int
    value: float
    interval: Interval | None
    changes: tuple[Checked | None, ...]

    @property
    def lower(self) -> bool:
        """Whether lower is better."""
        return self.name in LOWER


@dataclass(frozen=True, slots=True)
class KindBar:
    """How many questions of a kind are right: answered with gold evidence, or rightly refused."""

    kind: str
    questions: int
    value: float
    interval: Interval | None


@dataclass(frozen=True)
class Contents:
    """A run, what it is compared with, and what it belongs to.

    `accepted` are the set's accepted figures by split, empty where there are none; `settings` is
    what was asked and how, by name; `made` the time of the run.
    """

    name: str
    report: Report
    accepted: Mapping[str, Accepted] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    conditions: JSON = field(default_factory=dict)
    made: str = ""
    comparison: Sequence[Sequence[str]] = ()

    @property
    def comparable(self) -> dict[str, Accepted]:
        """The accepted figures of the splits whose questions are those that were asked here."""
        asked = {
            split: digest(row.question for row in self.report.rows if row.question.split == split)
            for split in self.report.by_split
        }
        return {
            split: accepted
            for split, accepted in self.accepted.items()
            if asked.get(split) == accepted.digest
        }

    def headline(self) -> list[Measured]:
        """The measures that a reader looks at first, those that apply."""
        overall, splits = self.report.overall, self.comparable
        found = []
        for name, label in HEADLINE.items():
            value = overall.values.get(name)
            if value is not None:
                changes = tuple(self._change(split, name) for split in splits)
                interval = overall.intervals.get(name)
                count = overall.counts[name]
                found.append(Measured(name, label, count, value, interval, changes))
        return found

    def groups(self) -> dict[str, Summary]:
        """The columns of the breakdown: all, the splits where there are several, the kinds."""
        report = self.report
        splits = report.by_split if len(report.by_split) > 1 else {}
        return {"all": report.overall, **splits, **report.by_kind}

    def bars(self) -> list[KindBar]:
        """A bar for each kind."""
        found = []
        for kind, summary in self.report.by_kind.items():
            name = "rightly_refused" if kind == "none" else "evidence_accuracy"
            value = summary.values[name]
            if value is not None:
                interval = summary.intervals.get(name)
                found.append(KindBar(kind, summary.questions, value, interval))
        return found

    def bins(self) -> list[Bin]:
        """The reliability of the confidences of what was answered."""
        answered = [row for row in self.report.rows if row.reply.answered]
        pairs = [(row.reply.confidence, row.right) for row in answered]
        return reliability(pairs)

    def decided(self) -> tuple[float, float] | None:
        """Where on the risk-coverage curve the system stands: share answered, wrong of those."""
        rows = self.report.rows
        answered = [row for row in rows if row.reply.answered]
        if not answered:
            return None
        return len(answered) / len(rows), sum(not row.right for row in answered) / len(answered)

    def slowest(self) -> list[tuple[float, Row]]:
        """The questions that took longest, with their seconds."""
        timed = [(row.seconds, row) for row in self.report.rows if row.seconds is not None]
        return sorted(timed, key=lambda pair: -pair[0])[:SLOWEST]

    def _change(self, split: str, name: str) -> Checked | None:
        figure = self.comparable[split].figures.get(name)
        if figure is None:
            return None
        return Checked(split, name, figure, self.report.by_split[split].values[name])


def hits(row: Row, cited: Cited) -> bool:
    """Whether a citation hits gold evidence of its question."""
    return supported(row.question, cited)


def was_cited(row: Row, gold: GoldSpan) -> bool:
    """Whether a citation of the reply hits this gold evidence."""
    return any(supports(cited, gold) for cited in row.reply.citations)
