"""The contract's JSON answer, read into frozen data that the measures take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rag.errors import EvaluationError
from rag.evaluation.questions import YESNO_LABELS


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as it was given; nothing about it is trusted."""

    document: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim of an answer with its citations; `speaker` is who says it, or empty."""

    text: str
    cited: tuple[Cited, ...]
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system said to one question: an answer, a refusal, or (`missing`) nothing at all.

    `verdict` is yes, no, unclear or empty; `undecided` holds the parties shown apart from the
    claims; `disagreement` says that the claims are differing values of one thing.
    """

    answered: bool
    confidence: float
    claims: tuple[Statement, ...] = ()
    citations: tuple[Cited, ...] = ()
    missing: bool = False
    verdict: str = ""
    undecided: tuple[Statement, ...] = ()
    disagreement: bool = False

    @classmethod
    def nothing(cls) -> Reply:
        """The reply of a system that failed; it scores zero everywhere."""
        return cls(answered=False, confidence=0.0, missing=True)

    @classmethod
    def from_json(cls, answer: Mapping[str, Any]) -> Reply:
        """Read an answer of contract version 1; raises EvaluationError where it breaks it.

        Keys that version 1 got later (`verdict`, `undecided`, `disagreement`, a claim's `speaker`)
        may be missing or null, as in the answers of an older system.
        """
        try:
            return _read(answer)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            question = answer.get("question", "?")
            raise EvaluationError(
                f"the answer to {question!r} does not have the contract's form: "
                f"{type(error).__name__}: {error}"
            ) from error


def _read(answer: Mapping[str, Any]) -> Reply:
    by_number = {
        int(c["number"]): Cited(str(c["document"]), int(c["start"]), int(c["end"]), str(c["quote"]))
        for c in answer["citations"]
    }

    def statements(rows: Iterable[Mapping[str, Any]]) -> tuple[Statement, ...]:
        return tuple(
            Statement(
                str(row["text"]),
                tuple(by_number[int(number)] for number in row["citations"]),
                str(row.get("speaker") or ""),
            )
            for row in rows
        )

    claims, undecided = statements(answer["claims"]), statements(answer.get("undecided") or ())
    answered, verdict = bool(answer["answered"]), answer.get("verdict") or ""
    # Whoever asks who is undecided may get nothing but that.
    if (claims and not answered) or (answered and not claims and not undecided):
        raise ValueError(f"answered is {answered} with {len(claims)} claims")
    if verdict and verdict not in YESNO_LABELS:
        raise ValueError(f"verdict is {verdict!r}, not one of {', '.join(YESNO_LABELS)}")
    return Reply(
        answered,
        float(answer["confidence"]),
        claims,
        tuple(by_number.values()),
        verdict=verdict,
        undecided=undecided,
        disagreement=bool(answer.get("disagreement")),
    )
