"""What an evaluation found: rows for each question, and summaries overall, by split and by kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.evaluation.questions import KINDS, SPLITS
from rag.evaluation.ranking import Curve
from rag.evaluation.rows import Row, Table
from rag.evaluation.summary import LOWER, Summary
from rag.types import JSON

_LEGEND = (
    "eval/README.md defines each measure; − marks those where lower is better. n is the number of\n"
    "questions that a measure applies to; – stands where it applies to none. 95% is the bootstrap\n"
    "interval of the overall figure. quote_words is a median, p50_ms milliseconds."
)
_SHOWN_ANSWER = 160  # characters of an answer in a wrong row, so that it stays a line
_SHOWN_COVERAGES = (0.25, 0.5, 0.75, 1.0)


# Without slots, so that what is computed from the rows is kept: the bootstrap takes a while.
@dataclass(frozen=True)
class Report:
    """The rows of an evaluation, at least one, in the order of the question set."""

    rows: tuple[Row, ...]

    @cached_property
    def overall(self) -> Summary:
        return Summary.of(self.rows)

    @cached_property
    def by_split(self) -> dict[str, Summary]:
        """Summaries of the splits that occur, in the order train, dev, test."""
        groups = ((split, [r for r in self.rows if r.question.split == split]) for split in SPLITS)
        return {split: Summary.of(rows) for split, rows in groups if rows}

    @cached_property
    def by_kind(self) -> dict[str, Summary]:
        """Summaries of the kinds that occur."""
        groups = ((kind, [r for r in self.rows if r.question.kind == kind]) for kind in KINDS)
        return {kind: Summary.of(rows) for kind, rows in groups if rows}

    @cached_property
    def curve(self) -> Curve:
        """The risk-coverage curve of all rows."""
        table = Table.of(self.rows)
        return Curve.of(table.trusted, ~table.right)

    @cached_property
    def wrong(self) -> tuple[Row, ...]:
        """The rows with a problem."""
        return tuple(row for row in self.rows if row.problems)

    def to_json(self) -> JSON:
        """Everything as a JSON-ready dict."""
        return {
            "overall": self.overall.to_json(),
            "by_split": {name: summary.to_json() for name, summary in self.by_split.items()},
            "by_kind": {name: summary.to_json() for name, summary in self.by_kind.items()},
            "risk_coverage": self.curve.to_json(),
            "rows": [row.to_json() for row in self.rows],
        }

    def to_text(self) -> str:
        """A table of the measures overall, by split and by kind, then the wrong rows."""
        lines = [*aligned(self._table()), "", _LEGEND, "", *self._curve_lines(), ""]
        lines.append(f"{len(self.wrong)} of {len(self.rows)} rows wrong")
        for row in self.wrong:
            lines += _wrong_lines(row)
        return "\n".join(lines) + "\n"

    def _table(self) -> list[list[str]]:
        overall = self.overall
        splits = self.by_split if len(self.by_split) > 1 else {}
        groups = [*splits.values(), *self.by_kind.values()]
        table = [["", "n", "overall", "95%", *splits, *self.by_kind]]
        table.append(_line("questions", "", [str(one.questions) for one in (overall, *groups)]))
        for name, value in overall.values.items():
            label = f"{name} −" if name in LOWER else name
            scores = [_cell(value), *(_cell(group.values[name]) for group in groups)]
            interval = overall.intervals.get(name)
            shown = interval.to_text() if interval else "–"
            table.append(_line(label, str(overall.counts[name]), scores, shown))
        lengths = [_cell(one.quote_words, "{:.0f}") for one in (overall, *groups)]
        times = [_cell(one.p50_seconds, "{:.0f}", 1000) for one in (overall, *groups)]
        return [*table, _line("quote_words", "", lengths), _line("p50_ms", "", times)]

    def _curve_lines(self) -> Iterable[str]:
        curve = self.curve
        answered = [row for row in self.rows if row.reply.answered]
        wrong = sum(not row.right for row in answered)
        risks = (f"{share:.0%}: {curve.risk_at(share):.2f}" for share in _SHOWN_COVERAGES)
        yield f"Wrong among the most confident part of all questions: {', '.join(risks)}"
        yield (
            f"(area {curve.area:.3f}; {curve.best_area:.3f} if no wrong answer were above a right "
            f"one). As it decides, it answers {len(answered)} and is wrong on {wrong}."
        )


def aligned(table: Sequence[Sequence[str]]) -> Iterable[str]:
    """A table as lines, the first column to the left and the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    for first, *others in table:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *cells))


def _line(label: str, count: str, scores: Sequence[str], interval: str = "") -> list[str]:
    return [label, count, scores[0], interval, *scores[1:]]


def _cell(score: float | None, form: str = "{:.2f}", unit: float = 1) -> str:
    return "–" if score is None else form.format(score * unit)


def _wrong_lines(row: Row) -> Iterable[str]:
    question = row.question
    yield f"{question.id} {question.split} {question.kind}: {question.question}"
    yield f"    {'; '.join(row.problems)}"
    if row.reply.claims:
        said = " | ".join(" ".join(claim.text.split()) for claim in row.reply.claims)
        yield f"    said:   {_shortened(said)}"
    if row.reply.undecided:
        yield f"    undecided: {_shortened(' | '.join(p.text for p in row.reply.undecided))}"
    if question.answers:
        yield f"    wanted: {_shortened(' | '.join(answer.text for answer in question.answers))}"


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_ANSWER else text[: _SHOWN_ANSWER - 1] + "…"
