"""Citations judged without gold evidence, by the definitions of ALCE (arXiv 2305.14627).

A judge takes the place of ALCE's entailment model, so answers of any system over any documents can
be scored. Recall: a claim is supported when all its quotes together support it; one without a
citation is not. Precision: a citation is precise when its claim is supported and it is not
irrelevant, which it is when it alone does not support the claim while the others without it do.
Both are shares of one answer, averaged over answers; an answer without citations has precision 0.
The figures are called `judged_…`: they are as good as the judge, and no gold evidence is in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rag.errors import EvaluationError
from rag.evaluation.judges import CheckedJudge
from rag.evaluation.ranking import Floats, once, quotient
from rag.evaluation.recorded import Recorded
from rag.evaluation.replies import Statement
from rag.evaluation.report import aligned
from rag.evaluation.resampling import Interval, bootstrap
from rag.types import JSON

# Below so many words, or without a mark at its end, a claim is no sentence that stands alone.
_SENTENCE_WORDS = 4
_SENTENCE_ENDS = (".", "!", "?", "…")
_CLOSING = "\"'”’»)]"
_SHOWN = 160  # characters of a claim or a quote, so that it stays a line


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim as the judge was asked, its quotes, and what the judge said.

    `precise` has an entry for each quote.
    """

    statement: str
    quotes: tuple[str, ...]
    supported: bool
    precise: tuple[bool, ...]

    def to_json(self) -> JSON:
        return {
            "statement": self.statement,
            "supported": self.supported,
            "citations": [
                {"quote": quote, "precise": precise}
                for quote, precise in zip(self.quotes, self.precise, strict=True)
            ],
        }


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """An answer with at least one claim."""

    id: str
    claims: tuple[JudgedClaim, ...]

    @property
    def recall(self) -> float:
        """The share of its claims that are supported."""
        return sum(claim.supported for claim in self.claims) / len(self.claims)

    @property
    def precision(self) -> float:
        """The share of its citations that are precise; 0 where there is none."""
        precise = [one for claim in self.claims for one in claim.precise]
        return sum(precise) / len(precise) if precise else 0.0


# Without slots, so that the intervals are drawn once.
@dataclass(frozen=True)
class Judged:
    """The judged answers of a system; `asked` counts refusals and failures too."""

    judge: str
    asked: int
    answers: tuple[JudgedAnswer, ...]

    @cached_property
    def values(self) -> dict[str, float | None]:
        """The three figures; None where no answer was given."""
        figures = self._figures(once(len(self.answers)))
        return {name: float(value[0]) if self.answers else None for name, value in figures.items()}

    @cached_property
    def intervals(self) -> dict[str, Interval]:
        """How far each figure could differ by chance; empty where nothing can be drawn."""
        weights = bootstrap([one.id for one in self.answers]) if self.answers else None
        if weights is None:
            return {}
        drawn = {name: Interval.of(value) for name, value in self._figures(weights).items()}
        return {name: interval for name, interval in drawn.items() if interval is not None}

    def _figures(self, weights: Floats) -> dict[str, Floats]:
        """The figures in every draw; `weights` has the shape (draws, answers)."""
        total = weights.sum(axis=1)
        precision = quotient(weights @ [one.precision for one in self.answers], total)
        recall = quotient(weights @ [one.recall for one in self.answers], total)
        both = precision + recall
        return {
            "judged_citation_precision": precision,
            "judged_citation_recall": recall,
            "judged_citation_f1": 2 * precision * recall / np.where(both > 0, both, 1),
        }

    @property
    def unsupported(self) -> list[tuple[str, JudgedClaim]]:
        """The claims that the judge holds for unsupported, with the ids of their answers."""
        return [(a.id, c) for a in self.answers for c in a.claims if not c.supported]

    def to_json(self) -> JSON:
        return {
            "judge": self.judge,
            "asked": self.asked,
            "answered": len(self.answers),
            "claims": sum(len(one.claims) for one in self.answers),
            **self.values,
            "intervals": {name: one.to_json() for name, one in self.intervals.items()},
            "answers": [
                {
                    "id": one.id,
                    "judged_citation_precision": one.precision,
                    "judged_citation_recall": one.recall,
                    "claims": [claim.to_json() for claim in one.claims],
                }
                for one in self.answers
            ],
        }

    def to_text(self) -> str:
        """The figures as a table, then the claims that were held for unsupported."""
        table = [[f"judge: {self.judge}", "", "95%"]]
        for name, value in self.values.items():
            interval = self.intervals.get(name)
            shown = "–" if value is None else f"{value:.2f}"
            table.append([name, shown, interval.to_text() if interval else "–"])
        claims = sum(len(one.claims) for one in self.answers)
        lines = [
            *aligned(table),
            "",
            f"{len(self.answers)} of {self.asked} questions answered, with {claims} claims. The "
            "judge saw answers and quotes only,",
            "no gold evidence and no documents; eval/README.md defines each measure.",
            "",
            f"{len(self.unsupported)} of {claims} claims unsupported",
        ]
        for answer, claim in self.unsupported:
            lines.append(f"{answer}: {_shortened(claim.statement)}")
            lines += [f"    quote: {_shortened(quote)}" for quote in claim.quotes]
        return "\n".join(lines) + "\n"


def judge_replies(judge: CheckedJudge, recorded: Sequence[Recorded]) -> Judged:
    """Judge the answers of a system; refusals and failures have nothing to judge.

    The claims of an answer count, or, where it has none, the parties that it shows as undecided.
    Raises EvaluationError where a short claim comes without the question that it answers.
    """
    return Judged(judge.name, len(recorded), tuple(_answers(judge, recorded)))


def judge_claim(judge: CheckedJudge, statement: str, quotes: Sequence[str]) -> JudgedClaim:
    """Judge one claim; it is asked about once, and about each of several quotes at most twice."""
    quotes = tuple(quotes)
    if not quotes or not judge.says_yes(statement, quotes):
        return JudgedClaim(statement, quotes, False, (False,) * len(quotes))
    if len(quotes) == 1:
        return JudgedClaim(statement, quotes, True, (True,))
    precise = tuple(
        judge.says_yes(statement, (quote,))
        or not judge.says_yes(statement, (*quotes[:number], *quotes[number + 1 :]))
        for number, quote in enumerate(quotes)
    )
    return JudgedClaim(statement, quotes, True, precise)


def statement_of(question: str, claim: str) -> str:
    """A claim that stands alone as it is, and a short answer after its question.

    The second is ALCE's rule for lists of short answers: the words of a name alone stand in every
    quote that names it.
    """
    text = claim.strip()
    ends = text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)
    alone = ends and len(text.split()) >= _SENTENCE_WORDS
    return text if alone else f"{question.strip()} {text}"


def _answers(judge: CheckedJudge, recorded: Iterable[Recorded]) -> Iterable[JudgedAnswer]:
    for one in recorded:
        reply = one.reply()
        statements = reply.claims or reply.undecided
        if statements:
            question = one.question or str((one.answer or {}).get("question") or "")
            claims = tuple(_judged(judge, one.id, question, claim) for claim in statements)
            yield JudgedAnswer(one.id, claims)


def _judged(judge: CheckedJudge, answer: str, question: str, claim: Statement) -> JudgedClaim:
    statement = statement_of(question, claim.text)
    if not question and statement != claim.text.strip():
        raise EvaluationError(
            f"answer {answer}: the claim {claim.text!r} is judged together with its question, and "
            "the answer has no 'question': add it"
        )
    return judge_claim(judge, statement, [cited.quote for cited in claim.cited])


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
