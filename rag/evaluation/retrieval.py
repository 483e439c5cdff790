"""How high the passages with gold evidence are ranked, before anything is read; by ir-measures.

A passage is relevant where it and gold evidence of the question share at least half of the shorter
of the two. Overlapping passages may hold the same evidence: each is relevant. A question that found
nothing scores zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import ir_measures
import numpy as np
from ir_measures import AP, RR, R, nDCG

from rag.errors import EvaluationError
from rag.evaluation.measures import supported
from rag.evaluation.questions import GoldQuestion
from rag.evaluation.ranking import Floats
from rag.evaluation.replies import Cited
from rag.evaluation.report import aligned
from rag.evaluation.resampling import Interval, bootstrap
from rag.types import JSON, Hit, Passage

# As they are named in papers; ir-measures calls the second and the last RR and AP.
MEASURES = {
    "recall@1": R @ 1,
    "recall@5": R @ 5,
    "recall@10": R @ 10,
    "MRR": RR,
    "nDCG@10": nDCG @ 10,
    "MAP": AP,
}
_LEGEND = (
    "Passages with gold evidence, over the answerable questions; 95% is the bootstrap interval."
)


class Searcher(Protocol):
    """What finds passages; all of them where `k` is as large as their number."""

    def search(self, question: str, k: int, /) -> Sequence[Hit]: ...


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The measures of each question: `values[name]` has an entry for each of `ids`."""

    ids: tuple[str, ...]
    values: Mapping[str, Floats]

    @property
    def means(self) -> dict[str, float]:
        return {name: float(values.mean()) for name, values in self.values.items()}

    @property
    def intervals(self) -> dict[str, Interval]:
        """Bootstrap intervals, as those of the other measures; empty for a single group."""
        weights = bootstrap(self.ids)
        if weights is None:
            return {}
        total = weights.sum(axis=1)
        found = {name: Interval.of(weights @ v / total) for name, v in self.values.items()}
        return {name: interval for name, interval in found.items() if interval is not None}

    def to_json(self) -> JSON:
        return {
            "questions": len(self.ids),
            **self.means,
            "intervals": {name: one.to_json() for name, one in self.intervals.items()},
            "rows": [
                {"id": row_id, **{name: float(v[number]) for name, v in self.values.items()}}
                for number, row_id in enumerate(self.ids)
            ],
        }

    def to_text(self) -> str:
        intervals = self.intervals
        table = [["", "n", "mean", "95%"]]
        for name, mean in self.means.items():
            shown = intervals[name].to_text() if name in intervals else "–"
            table.append([name, str(len(self.ids)), f"{mean:.3f}", shown])
        return "\n".join([*aligned(table), "", _LEGEND]) + "\n"


def evaluate_retrieval(
    searcher: Searcher, questions: Sequence[GoldQuestion], passages: int
) -> Retrieval:
    """Rank all `passages` of an index for each answerable question and measure the ranking.

    All of them, since recall needs to know every relevant one. Raises EvaluationError where no
    question has an answer.
    """
    asked = _answerable(questions)
    rankings = {
        question.id: [hit.passage for hit in searcher.search(question.question, passages)]
        for question in asked
    }
    every = {passage.id: passage for ranked in rankings.values() for passage in ranked}
    return measure_rankings(asked, rankings, list(every.values()))


def measure_rankings(
    questions: Sequence[GoldQuestion],
    rankings: Mapping[str, Sequence[Passage]],
    passages: Sequence[Passage],
) -> Retrieval:
    """Measure rankings by question id, best first; `passages` are all that could be found."""
    asked = _answerable(questions)
    relevant = {
        one.id: {passage.id: 1 for passage in passages if is_relevant(one, passage)}
        for one in asked
    }
    # By rank: equal scores would be put in an order of the library's own.
    runs = {
        one.id: {p.id: -float(rank) for rank, p in enumerate(rankings.get(one.id, ()))}
        for one in asked
    }
    return from_judgements(relevant, runs)


def from_judgements(
    relevant: Mapping[str, Mapping[str, int]], runs: Mapping[str, Mapping[str, float]]
) -> Retrieval:
    """Measure runs (`{question: {document: score}}`) by judgements of the same form.

    A question without a relevant document scores zero, as one that nothing was found for.
    """
    ids = tuple(relevant)
    places = {row_id: number for number, row_id in enumerate(ids)}
    names = {measure: name for name, measure in MEASURES.items()}
    values = {name: np.zeros(len(ids)) for name in MEASURES}
    judged = {row_id: dict(found) for row_id, found in relevant.items()}
    found = {row_id: dict(run) for row_id, run in runs.items()}
    for one in ir_measures.iter_calc(list(names), judged, found):
        values[names[one.measure]][places[one.query_id]] = one.value
    return Retrieval(ids, values)


def is_relevant(question: GoldQuestion, passage: Passage) -> bool:
    """Whether a passage holds gold evidence, or most of it."""
    return supported(question, Cited(passage.source.id, passage.start, passage.end, passage.text))


def _answerable(questions: Sequence[GoldQuestion]) -> list[GoldQuestion]:
    asked = [question for question in questions if question.answerable]
    if not asked:
        raise EvaluationError("no question has an answer that could be found")
    return asked
