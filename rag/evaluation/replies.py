"""The contract's JSON answer, read into frozen data that the measures take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

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
    by_number: dict[int, Cited] = {}
    for row in answer["citations"]:
        number = _typed(row, "number", int)
        if number in by_number:
            raise ValueError(f"two citations have the number {number}")
        by_number[number] = Cited(
            _typed(row, "document", str),
            _typed(row, "start", int),
            _typed(row, "end", int),
            _typed(row, "quote", str),
        )
    claims = _statements(answer["claims"], by_number)
    undecided = _statements(answer.get("undecided") or (), by_number)
    answered, verdict = _typed(answer, "answered", bool), answer.get("verdict") or ""
    # Whoever asks who is undecided may get nothing but that.
    if (claims and not answered) or (answered and not claims and not undecided):
        raise ValueError(f"answered is {answered} with {len(claims)} claims")
    if verdict and verdict not in YESNO_LABELS:
        raise ValueError(f"verdict is {verdict!r}, not one of {', '.join(YESNO_LABELS)}")
    return Reply(
        answered,
        _probability(answer["confidence"]),
        claims,
        tuple(by_number.values()),
        verdict=verdict,
        undecided=undecided,
        disagreement=bool(answer.get("disagreement")),
    )


def _statements(
    rows: Iterable[Mapping[str, Any]], by_number: Mapping[int, Cited]
) -> tuple[Statement, ...]:
    found = []
    for row in rows:
        strange = [number for number in row["citations"] if number not in by_number]
        if strange:
            raise ValueError(f"a claim cites {strange[0]!r}, which is no citation's number")
        cited = tuple(by_number[number] for number in row["citations"])
        found.append(Statement(_typed(row, "text", str), cited, str(row.get("speaker") or "")))
    return tuple(found)


_T = TypeVar("_T", bool, int, str)


def _typed(row: Mapping[str, Any], key: str, kind: type[_T]) -> _T:
    """The value of a key that has to be of exactly this type: true is no offset."""
    value = row[key]
    if type(value) is not kind:
        raise TypeError(f"{key!r} is {value!r}, which is no {kind.__name__}")
    return value


def _probability(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"'confidence' is {value!r}, not a number from 0 to 1")
    return float(value)
