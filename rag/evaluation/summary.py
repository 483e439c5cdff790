"""The measures over a group of rows, each with its interval."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from rag.evaluation.measures import LOWER_IS_BETTER
from rag.evaluation.ranking import once
from rag.evaluation.resampling import Interval, bootstrap
from rag.evaluation.rows import Row, Table
from rag.evaluation.scores import Share, majority, pooled
from rag.types import JSON

# These are of a whole group, and no row has a share of them.
RANKINGS = ("citation_f1", "auroc", "aurc", "calibration_error")
LOWER = LOWER_IS_BETTER | {"aurc", "calibration_error"}


# Without slots, so that the intervals are drawn once, and only where somebody asks for them.
@dataclass(frozen=True)
class Summary:
    """The measures over a group of rows; None where a measure applies to none of them.

    `counts` says to how many questions each measure applies, `intervals` how far it could differ by
    chance. `quote_words` is the median length of the citations: whoever quotes whole pages hits all
    evidence, so precision is read beside it. `p50_seconds` is None where no times are known.
    """

    questions: int
    shares: Mapping[str, Share]
    counts: Mapping[str, int]
    rankings: Mapping[str, float | None]
    quote_words: float | None
    p50_seconds: float | None
    _table: Table = field(repr=False, compare=False)
    _ids: tuple[str, ...] = field(repr=False, compare=False)

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Summary:
        """Summarise at least one row."""
        yesno = [row.question.yesno for row in rows]
        names = rows[0].shares
        table = Table.of(rows)
        figures = table.figures(once(len(rows)))
        return cls(
            questions=len(rows),
            shares={
                **{name: pooled(row.shares[name] for row in rows) for name in names},
                "yesno_majority": majority(yesno),
            },
            counts={
                **{name: sum(row.shares[name].total > 0 for row in rows) for name in names},
                "yesno_majority": sum(map(bool, yesno)),
                "citation_f1": sum(row.shares["citation_precision"].total > 0 for row in rows),
                "auroc": len(rows),
                "aurc": len(rows),
                "calibration_error": int(table.answered.sum()),
            },
            rankings={name: _known(figures[name][0]) for name in RANKINGS},
            quote_words=_median_words(rows),
            p50_seconds=_median(row.seconds for row in rows if row.seconds is not None),
            _table=table,
            _ids=tuple(row.question.id for row in rows),
        )

    @cached_property
    def intervals(self) -> Mapping[str, Interval]:
        """How far each measure could differ by chance; empty where nothing can be drawn."""
        weights = bootstrap(self._ids)
        if weights is None:
            return {}
        drawn = self._table.figures(weights)
        found = {name: Interval.of(figures) for name, figures in drawn.items()}
        return {name: interval for name, interval in found.items() if interval is not None}

    @cached_property
    def values(self) -> dict[str, float | None]:
        """Every score by its name."""
        return {**{name: share.value for name, share in self.shares.items()}, **self.rankings}

    def to_json(self) -> JSON:
        return {
            "questions": self.questions,
            **self.values,
            "quote_words": self.quote_words,
            "p50_seconds": self.p50_seconds,
            "counts": dict(self.counts),
            "intervals": {name: one.to_json() for name, one in self.intervals.items()},
        }


def _known(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)


def _median(values: Iterable[float]) -> float | None:
    kept = list(values)
    return statistics.median(kept) if kept else None


def _median_words(rows: Iterable[Row]) -> float | None:
    return _median(len(cited.quote.split()) for row in rows for cited in row.reply.citations)
