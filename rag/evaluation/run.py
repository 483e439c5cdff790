"""Asks an engine every question of a set and scores its answers, or scores saved ones again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from rag.errors import CitableError, EvaluationError
from rag.evaluation.measures import MEASURES, offset_integrity
from rag.evaluation.questions import GoldQuestion, check_evidence
from rag.evaluation.recorded import Answers, Recorded, ask_all, save_replies
from rag.evaluation.replies import Reply
from rag.evaluation.report import Report, Row


class HasText(Protocol):
    """A document with its canonical text."""

    @property
    def text(self) -> str: ...


class Asker(Answers, Protocol):
    """What is evaluated; both methods raise CitableError where they cannot do what is asked."""

    def document(self, document_id: str, /) -> HasText: ...


def evaluate(
    engine: Asker, questions: Sequence[GoldQuestion], save: Path | str | None = None
) -> Report:
    """Ask every question in order and score the answers; `save` names a file to keep them in.

    A question on which the engine raises CitableError scores zero, and its row says why. Raises
    EvaluationError where the set is empty, where its evidence does not stand in the engine's
    documents, or where an answer breaks the contract.
    """
    texts = _texts(engine, (span.document for q in questions for span in q.evidence))
    _check(questions, texts)
    asked = ask_all(engine, questions)
    recorded = list(asked) if save is None else save_replies(asked, save)
    replies = [_reply(one) for one in recorded]
    cited = (citation.document for reply in replies for citation in reply.citations)
    texts |= _texts(engine, (document for document in cited if document not in texts))
    return score_replies(questions, recorded, texts)


def score_replies(
    questions: Sequence[GoldQuestion], recorded: Iterable[Recorded], texts: Mapping[str, str]
) -> Report:
    """Score replies that were recorded before; `texts` maps document ids to canonical texts.

    A question without a reply scores zero. Raises EvaluationError as `evaluate` does, and where a
    reply is to another wording than its question has.
    """
    _check(questions, texts)
    by_id = {one.id: one for one in recorded}
    rows = []
    for question in questions:
        one = by_id.get(question.id)
        if one is None:
            rows.append(score(question, Reply.nothing(), texts, 0.0, "no reply was saved"))
            continue
        if one.question != question.question:
            raise EvaluationError(
                f"question {question.id}: the saved reply is to {one.question!r}; ask the set anew"
            )
        rows.append(score(question, _reply(one), texts, one.seconds, one.error))
    return Report(tuple(rows))


def score(
    question: GoldQuestion, reply: Reply, texts: Mapping[str, str], seconds: float, error: str = ""
) -> Row:
    """A reply's share in every measure; `texts` maps the ids of cited documents to their texts."""
    shares = {name: measure(question, reply) for name, measure in MEASURES.items()}
    shares["offset_integrity"] = offset_integrity(reply, texts)
    return Row(question, reply, seconds, shares, error)


def _check(questions: Sequence[GoldQuestion], texts: Mapping[str, str]) -> None:
    if not questions:
        raise EvaluationError("there are no questions to evaluate")
    check_evidence(questions, texts)


def _reply(recorded: Recorded) -> Reply:
    return Reply.nothing() if recorded.answer is None else Reply.from_json(recorded.answer)


def _texts(engine: Asker, ids: Iterable[str]) -> dict[str, str]:
    """The texts of the documents that the engine has; the others are left out."""
    texts: dict[str, str] = {}
    for document_id in dict.fromkeys(ids):
        try:
            texts[document_id] = engine.document(document_id).text
        except CitableError:
            continue  # a citation of it then fails offset integrity, gold evidence its check
    return texts
