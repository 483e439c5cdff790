"""What an evaluation found: rows for each question, and summaries overall, by split and by kind."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag.evaluation.measures import LOWER_IS_BETTER, first_supported
from rag.evaluation.questions import KINDS, SPLITS, GoldQuestion
from rag.evaluation.replies import Reply
from rag.evaluation.scores import Share, auroc, calibration_error, majority, pooled
from rag.types import JSON

_LEGEND = (
    "eval/README.md defines each measure; − marks those where lower is better. n is the number of\n"
    "questions that a measure applies to; – stands where it applies to none. quote_words is a\n"
    "median, p50_ms milliseconds."
)
_LOWER = LOWER_IS_BETTER | {"calibration_error"}
_SHOWN_ANSWER = 160  # characters of an answer in a wrong row, so that it stays a line


@dataclass(frozen=True, slots=True)
class Row:
    """One question, what was said to it, and its share in every measure.

    `error` is the message of a system that failed on it, else empty.
    """

    question: GoldQuestion
    reply: Reply
    seconds: float
    shares: Mapping[str, Share]
    error: str = ""

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with the reply, in words; empty for a right one."""
        if self.error:
            return (f"failed: {self.error}",)
        if not self.question.answerable:
            return ("answered, nothing does",) if self.reply.answered else ()
        if not self.reply.answered:
            return ("refused",)
        wording = {
            "short_answer": "short answer",
            "list_f1": "list",
            "wrong_polarity": "wrong polarity",
            "undecided_apart": "undecided apart",
            "speaker_right": "speaker",
            "values_found": "values",
            "false_disagreement": "disagreement",
            "yesno_right": "verdict",
            "evidence_accuracy": "evidence",
            "offset_integrity": "offsets",
        }
        values = ((name, label, self.shares[name].value) for name, label in wording.items())
        return tuple(
            f"{label} {value:.2f}"
            for name, label, value in values
            if value is not None and (value > 0 if name in LOWER_IS_BETTER else value < 1)
        )

    def to_json(self) -> JSON:
        return {
            "id": self.question.id,
            "split": self.question.split,
            "kind": self.question.kind,
            "question": self.question.question,
            "answered": self.reply.answered,
            "confidence": self.reply.confidence,
            "claims": [claim.text for claim in self.reply.claims],
            "undecided": [party.text for party in self.reply.undecided],
            "accepted": [answer.text for answer in self.question.answers],
            "seconds": self.seconds,
            "error": self.error or None,
            "problems": list(self.problems),
            "measures": {name: share.value for name, share in self.shares.items()},
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """The measures over a group of rows; None where a measure applies to none of them.

    `counts` says to how many questions each measure applies. `quote_words` is the median length of
    the citations: whoever quotes whole pages hits all evidence, so precision is read beside it.
    """

    questions: int
    shares: Mapping[str, Share]
    counts: Mapping[str, int]
    auroc: float | None
    calibration_error: float | None
    quote_words: float | None
    p50_seconds: float

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Summary:
        """Summarise at least one row."""
        answered = [row for row in rows if row.reply.answered]
        yesno = [row.question.yesno for row in rows]
        names = rows[0].shares
        return cls(
            questions=len(rows),
            shares={
                **{name: pooled(row.shares[name] for row in rows) for name in names},
                "yesno_majority": majority(yesno),
            },
            counts={
                **{name: sum(row.shares[name].total > 0 for row in rows) for name in names},
                "yesno_majority": sum(map(bool, yesno)),
                "auroc": len(rows),
                "calibration_error": len(answered),
            },
            auroc=auroc([(_ranked(row), row.question.answerable) for row in rows]),
            calibration_error=calibration_error(
                [(r.reply.confidence, first_supported(r.question, r.reply)) for r in answered]
            ),
            quote_words=_median_words(rows),
            p50_seconds=statistics.median(row.seconds for row in rows),
        )

    @property
    def values(self) -> dict[str, float | None]:
        """Every score by its name."""
        return {
            **{name: share.value for name, share in self.shares.items()},
            "auroc": self.auroc,
            "calibration_error": self.calibration_error,
        }

    def to_json(self) -> JSON:
        return {
            "questions": self.questions,
            **self.values,
            "quote_words": self.quote_words,
            "p50_seconds": self.p50_seconds,
            "counts": dict(self.counts),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The rows of an evaluation, at least one, in the order of the question set."""

    rows: tuple[Row, ...]

    @property
    def overall(self) -> Summary:
        return Summary.of(self.rows)

    @property
    def by_split(self) -> dict[str, Summary]:
        """Summaries of the splits that occur, in the order train, dev, test."""
        groups = ((split, [r for r in self.rows if r.question.split == split]) for split in SPLITS)
        return {split: Summary.of(rows) for split, rows in groups if rows}

    @property
    def by_kind(self) -> dict[str, Summary]:
        """Summaries of the kinds that occur."""
        groups = ((kind, [r for r in self.rows if r.question.kind == kind]) for kind in KINDS)
        return {kind: Summary.of(rows) for kind, rows in groups if rows}

    @property
    def wrong(self) -> tuple[Row, ...]:
        """The rows with a problem."""
        return tuple(row for row in self.rows if row.problems)

    def to_json(self) -> JSON:
        """Everything as a JSON-ready dict."""
        return {
            "overall": self.overall.to_json(),
            "by_split": {name: summary.to_json() for name, summary in self.by_split.items()},
            "by_kind": {name: summary.to_json() for name, summary in self.by_kind.items()},
            "rows": [row.to_json() for row in self.rows],
        }

    def to_text(self) -> str:
        """A table of the measures overall, by split and by kind, then the wrong rows."""
        wrong = self.wrong
        lines = [*_aligned(self._table()), "", _LEGEND, ""]
        lines.append(f"{len(wrong)} of {len(self.rows)} rows wrong")
        for row in wrong:
            lines += _wrong_lines(row)
        return "\n".join(lines) + "\n"

    def _table(self) -> list[list[str]]:
        overall = self.overall
        splits = self.by_split if len(self.by_split) > 1 else {}
        groups = [overall, *splits.values(), *self.by_kind.values()]
        header = ["", "n", "overall", *splits, *self.by_kind]
        table = [header, ["questions", "", *(str(group.questions) for group in groups)]]
        for name in overall.values:
            label = f"{name} −" if name in _LOWER else name
            scores = (_cell(group.values[name], "{:.2f}") for group in groups)
            table.append([label, str(overall.counts[name]), *scores])
        lengths = (_cell(group.quote_words, "{:.0f}") for group in groups)
        times = (f"{1000 * group.p50_seconds:.0f}" for group in groups)
        return [*table, ["quote_words", "", *lengths], ["p50_ms", "", *times]]


def _ranked(row: Row) -> float:
    """The confidence for AUROC; a missing answer is ranked as wrongly as can be."""
    if row.reply.missing:
        return -math.inf if row.question.answerable else math.inf
    return row.reply.confidence


def _median_words(rows: Iterable[Row]) -> float | None:
    lengths = [len(cited.quote.split()) for row in rows for cited in row.reply.citations]
    return statistics.median(lengths) if lengths else None


def _cell(score: float | None, form: str) -> str:
    return "–" if score is None else form.format(score)


def _aligned(table: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    for first, *others in table:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *cells))


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
