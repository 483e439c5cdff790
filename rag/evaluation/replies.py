"""The contract's JSON answer, read into frozen data that the measures take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rag.errors import EvaluationError


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as it was given; nothing about it is trusted."""

    document: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim of an answer with its citations."""

    text: str
    cited: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system said to one question: an answer, a refusal, or (`missing`) nothing at all."""

    answered: bool
    confidence: float
    claims: tuple[Statement, ...] = ()
    citations: tuple[Cited, ...] = ()
    missing: bool = False

    @classmethod
    def nothing(cls) -> Reply:
        """The reply of a system that failed; it scores zero everywhere."""
        return cls(answered=False, confidence=0.0, missing=True)

    @classmethod
    def from_json(cls, answer: Mapping[str, Any]) -> Reply:
        """Read an answer of contract version 1; raises EvaluationError where it breaks it."""
        try:
            return _read(answer)
        except (KeyError, TypeError, ValueError) as error:
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
    claims = tuple(
        Statement(str(claim["text"]), tuple(by_number[int(n)] for n in claim["citations"]))
        for claim in answer["claims"]
    )
    answered = bool(answer["answered"])
    if answered != bool(claims):
        raise ValueError(f"answered is {answered} with {len(claims)} claims")
    return Reply(answered, float(answer["confidence"]), claims, tuple(by_number.values()))
