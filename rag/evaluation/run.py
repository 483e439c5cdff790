"""Asks an engine every question of a set and scores its answers."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from rag.errors import CitableError, EvaluationError
from rag.evaluation.measures import MEASURES, offset_integrity
from rag.evaluation.questions import GoldQuestion, check_evidence
from rag.evaluation.replies import Reply
from rag.evaluation.report import Report, Row
from rag.types import JSON


class HasText(Protocol):
    """A document with its canonical text."""

    @property
    def text(self) -> str: ...


class HasJson(Protocol):
    """An answer that gives itself as the contract's JSON."""

    def to_json(self) -> JSON: ...


class Asker(Protocol):
    """What is evaluated; both methods raise CitableError where they cannot do what is asked."""

    def ask(self, question: str, /) -> HasJson: ...

    def document(self, document_id: str, /) -> HasText: ...


def evaluate(engine: Asker, questions: Sequence[GoldQuestion]) -> Report:
    """Ask every question in order and score the answers.

    A question on which the engine raises CitableError scores zero, and its row says why. Raises
    EvaluationError where the set is empty, where its evidence does not stand in the engine's
    documents, or where an answer breaks the contract.
    """
    if not questions:
        raise EvaluationError("there are no questions to evaluate")
    texts = _texts(engine, (span.document for q in questions for span in q.evidence))
    check_evidence(questions, texts)
    return Report(tuple(_row(engine, question, texts) for question in questions))


def score(
    question: GoldQuestion, reply: Reply, texts: dict[str, str], seconds: float, error: str = ""
) -> Row:
    """A reply's share in every measure; `texts` maps the ids of cited documents to their texts."""
    shares = {name: measure(question, reply) for name, measure in MEASURES.items()}
    shares["offset_integrity"] = offset_integrity(reply, texts)
    return Row(question, reply, seconds, shares, error)


def _row(engine: Asker, question: GoldQuestion, texts: dict[str, str]) -> Row:
    started = time.perf_counter()
    answer: dict[str, Any] | None = None
    error = ""
    try:
        answer = engine.ask(question.question).to_json()
    except CitableError as failure:
        error = str(failure)
    seconds = time.perf_counter() - started
    reply = Reply.nothing() if answer is None else Reply.from_json(answer)
    new = (cited.document for cited in reply.citations if cited.document not in texts)
    texts.update(_texts(engine, new))
    return score(question, reply, texts, seconds, error)


def _texts(engine: Asker, ids: Iterable[str]) -> dict[str, str]:
    """The texts of the documents that the engine has; the others are left out."""
    texts: dict[str, str] = {}
    for document_id in dict.fromkeys(ids):
        try:
            texts[document_id] = engine.document(document_id).text
        except CitableError:
            continue  # a citation of it then fails offset integrity, gold evidence its check
    return texts
