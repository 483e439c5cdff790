"""One row for each question: what was said to it, and its share in every measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.evaluation.measures import LOWER_IS_BETTER, first_supported
from rag.evaluation.questions import GoldQuestion
from rag.evaluation.ranking import (
    Flags,
    Floats,
    auroc,
    calibration_error,
    quotient,
    risk_coverage_area,
)
from rag.evaluation.replies import Reply
from rag.evaluation.scores import Share
from rag.types import JSON

# Draws that are computed at once: more of them would not fit into a processor's cache.
_BLOCK = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One question, what was said to it, and its share in every measure.

    `seconds` is None where nobody measured them; `error` is the message of a system that failed on
    the question, else empty.
    """

    question: GoldQuestion
    reply: Reply
    seconds: float | None
    shares: Mapping[str, Share]
    error: str = ""

    @property
    def right(self) -> bool:
        """Whether the first claim is gold-supported: what a confidence is the probability of."""
        return first_supported(self.question, self.reply)

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


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows as arrays, so that every measure is computed for a thousand draws at once.

    `hits` and `totals` have the shape (rows, shares); the others have an entry for each row. A
    question without a reply has the confidence that does it most harm: it is `ranked` below all
    others if it has an answer and above them if it has none, and `trusted` before all, as wrong.
    """

    names: tuple[str, ...]
    hits: Floats
    totals: Floats
    answerable: Flags
    answered: Flags
    right: Flags
    ranked: Floats
    trusted: Floats

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Table:
        """The table of at least one row; all rows have the same measures."""
        names = tuple(rows[0].shares)
        shares = [[row.shares[name] for name in names] for row in rows]
        answerable = np.array([row.question.answerable for row in rows])
        missing = np.array([row.reply.missing for row in rows])
        confidence = np.array([row.reply.confidence for row in rows])
        worst = np.where(answerable, -np.inf, np.inf)
        return cls(
            names,
            np.array([[share.hits for share in row] for row in shares], dtype=np.float64),
            np.array([[share.total for share in row] for row in shares], dtype=np.float64),
            answerable,
            np.array([row.reply.answered for row in rows]),
            np.array([row.right for row in rows]),
            np.where(missing, worst, confidence),
            np.where(missing, np.inf, confidence),
        )

    def figures(self, weights: Floats) -> dict[str, Floats]:
        """Every measure in every draw; `weights` has the shape (draws, rows)."""
        blocks = [
            self._figures(weights[first : first + _BLOCK])
            for first in range(0, len(weights), _BLOCK)
        ]
        return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}

    def _figures(self, weights: Floats) -> dict[str, Floats]:
        pooled = quotient(weights @ self.hits, weights @ self.totals)
        some = self.answered
        shares = {name: pooled[:, number] for number, name in enumerate(self.names)}
        precision, recall = shares["citation_precision"], shares["citation_recall"]
        return {
            **shares,
            "citation_f1": quotient(2 * precision * recall, precision + recall),
            "auroc": auroc(self.ranked, self.answerable, weights),
            "aurc": risk_coverage_area(self.trusted, ~self.right, weights),
            "calibration_error": calibration_error(
                self.trusted[some], self.right[some], weights[:, some]
            ),
        }
