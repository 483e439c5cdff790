"""Replies kept in a file, so that a set is asked once and scored as often as wanted.

One JSON object per line: `id` and `question` of the gold question, `seconds`, `error` (null, or why
the system failed on it) and `answer`, the contract's JSON (null after an error).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rag.errors import CitableError, EvaluationError
from rag.evaluation.questions import GoldQuestion
from rag.types import JSON


class HasJson(Protocol):
    """An answer that gives itself as the contract's JSON."""

    def to_json(self) -> JSON: ...


class Answers(Protocol):
    """What can be asked; raises CitableError where it cannot answer."""

    def ask(self, question: str, /) -> HasJson: ...


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a system gave for one question and how long it took; no `answer` after an error."""

    id: str
    question: str
    seconds: float
    answer: JSON | None
    error: str = ""

    def to_json(self) -> JSON:
        return {
            "id": self.id,
            "question": self.question,
            "seconds": self.seconds,
            "error": self.error or None,
            "answer": self.answer,
        }


def ask_all(engine: Answers, questions: Iterable[GoldQuestion]) -> Iterator[Recorded]:
    """Ask the questions in order, each when it is its turn; a CitableError is recorded."""
    for question in questions:
        started = time.perf_counter()
        answer: JSON | None = None
        error = ""
        try:
            answer = engine.ask(question.question).to_json()
        except CitableError as failure:
            error = str(failure) or type(failure).__name__
        seconds = time.perf_counter() - started
        yield Recorded(question.id, question.question, seconds, answer, error)


def save_replies(recorded: Iterable[Recorded], path: Path | str) -> list[Recorded]:
    """Write replies to a file as they come, and return them; raises EvaluationError."""
    kept = []
    try:
        with Path(path).open("w", encoding="utf-8", newline="\n") as file:
            for one in recorded:
                file.write(json.dumps(one.to_json(), ensure_ascii=False) + "\n")
                file.flush()  # a long run that is interrupted keeps what it has
                kept.append(one)
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be written: {error.strerror or error}") from error
    return kept


def load_replies(path: Path | str) -> list[Recorded]:
    """Read a file of replies; raises EvaluationError with the file and line that is wrong."""
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: cannot be read: {error}") from error
    return [_parse(line, f"{path}, line {n}") for n, line in enumerate(lines, 1) if line.strip()]


def _parse(line: str, where: str) -> Recorded:
    try:
        row = json.loads(line)
        answer = row["answer"]
        if answer is not None and not isinstance(answer, dict):
            raise TypeError(f"'answer' is {type(answer).__name__}")
        error = str(row["error"] or "")
        return Recorded(str(row["id"]), str(row["question"]), float(row["seconds"]), answer, error)
    except (ValueError, KeyError, TypeError) as error:
        raise EvaluationError(
            f"{where}: is no saved reply ({type(error).__name__}: {error})"
        ) from error
