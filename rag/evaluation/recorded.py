"""Replies kept in a file, so that a set is asked once and scored as often as wanted.

One JSON object per line, in one of two forms: `id` of the gold question and the keys of the
contract's JSON, as `citable ask --questions SET --json` prints it; or `id`, `question`, `seconds`,
`error` (null, or why the system failed on it) and `answer`, the contract's JSON (null after an
error), as `--save` writes it. `question`, `seconds` and `error` may be left out.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rag.errors import EvaluationError, QuestionError
from rag.evaluation.files import check_new, unwritable
from rag.evaluation.questions import GoldQuestion
from rag.evaluation.replies import Reply
from rag.types import JSON


class HasJson(Protocol):
    """An answer that gives itself as the contract's JSON."""

    def to_json(self) -> JSON: ...


class Answers(Protocol):
    """What can be asked; raises QuestionError where the question itself cannot be asked."""

    def ask(self, question: str, /) -> HasJson: ...


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a system gave for one question; no `answer` after an error.

    `seconds` is how long it took, None where nobody measured that.
    """

    id: str
    question: str
    seconds: float | None
    answer: JSON | None
    error: str = ""

    def reply(self) -> Reply:
        """What the measures take; raises EvaluationError where the contract is broken."""
        return Reply.nothing() if self.answer is None else Reply.from_json(self.answer)

    def to_json(self) -> JSON:
        return {
            "id": self.id,
            "question": self.question,
            "seconds": self.seconds,
            "error": self.error or None,
            "answer": self.answer,
        }


def ask_all(engine: Answers, questions: Iterable[GoldQuestion]) -> Iterator[Recorded]:
    """Ask the questions in order, each when it is its turn; a QuestionError is recorded.

    Any other error is one of the index, the model or the reader: it would come again with every
    question, and zeros would look like figures. So it ends the run.
    """
    for question in questions:
        started = time.perf_counter()
        answer: JSON | None = None
        error = ""
        try:
            answer = engine.ask(question.question).to_json()
        except QuestionError as failure:
            error = str(failure) or type(failure).__name__
        seconds = time.perf_counter() - started
        yield Recorded(question.id, question.question, seconds, answer, error)


def save_replies(recorded: Iterable[Recorded], path: Path | str) -> list[Recorded]:
    """Write replies to a new file as they come, and return them.

    A run that is interrupted keeps what it has. Raises EvaluationError where the file is there
    already or cannot be written; an error of `recorded` itself passes unchanged.
    """
    path = Path(path)
    check_new(path)
    kept: list[Recorded] = []
    for one in recorded:
        _append(path, one, new=not kept)
        kept.append(one)
    return kept


def _append(path: Path, one: Recorded, *, new: bool) -> None:
    """Add a reply to the file; a `new` one is made, never one of somebody else taken."""
    try:
        with path.open("x" if new else "a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(one.to_json(), ensure_ascii=False) + "\n")
    except OSError as error:
        raise unwritable(path, error) from error


def load_replies(
    path: Path | str, questions: Sequence[GoldQuestion] | None = None
) -> list[Recorded]:
    """Read the replies of any system to a question set, all of it or a part.

    `questions` are the whole set; None where there is none to hold the replies against. Raises
    EvaluationError naming the file and line of the first row that has neither form, breaks the
    contract, answers a question that the set does not have or has in another wording, or answers
    one for the second time.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: cannot be read: {error}") from error
    wordings = {question.id: question.question for question in questions or ()}
    first_line: dict[str, int] = {}
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        one = _parse(line, where)
        if questions is not None:
            _check_wording(one, wordings, where)
        if one.id in first_line:
            raise EvaluationError(
                f"{where}: question {one.id} is answered already on line {first_line[one.id]}"
            )
        first_line[one.id] = number
        found.append(one)
    return found


def _check_wording(one: Recorded, wordings: dict[str, str], where: str) -> None:
    if one.id not in wordings:
        raise EvaluationError(f"{where}: the set has no question {one.id!r}")
    wording = wordings[one.id]
    # An engine may tidy the spaces of a question.
    if one.question and one.question.split() != wording.split():
        raise EvaluationError(
            f"{where}: question {one.id} reads {wording!r}, and the reply is to "
            f"{one.question!r}: ask the set anew"
        )


def _parse(line: str, where: str) -> Recorded:
    try:
        row = json.loads(line)
        # Only the contract has `answered`; its own `answer` is a text.
        answer = row if "answered" in row else row["answer"]
        if answer is not None and not isinstance(answer, dict):
            raise TypeError(f"'answer' is {type(answer).__name__}")
        if not isinstance(row["id"], str):
            raise TypeError(f"'id' is {row['id']!r}, which is no text")
        error = str(row.get("error") or "")
        if answer is None and not error:
            error = "no answer was given"
        question, seconds = str(row.get("question") or ""), row.get("seconds")
        if seconds is not None and not 0 <= seconds < math.inf:
            raise ValueError(f"'seconds' is {seconds!r}")
        one = Recorded(row["id"], question, seconds, answer, error)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(
            f"{where}: is no saved reply ({type(error).__name__}: {error})"
        ) from error
    try:
        one.reply()
    except EvaluationError as error:
        raise EvaluationError(f"{where}: {error}") from error
    return one
