"""Asks an engine every question of a set and scores its answers, or scores saved ones again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from rag.errors import EvaluationError, UnknownDocumentError
from rag.evaluation.measures import MEASURES, offset_integrity
from rag.evaluation.questions import GoldQuestion, check_evidence
from rag.evaluation.recorded import Answers, Recorded, ask_all, save_replies
from rag.evaluation.replies import Reply
from rag.evaluation.report import Report
from rag.evaluation.rows import Row
from rag.progress import Progress, counted, silent


class HasText(Protocol):
    """A document with its canonical text."""

    @property
    def text(self) -> str: ...


class Library(Protocol):
    """What a question set is about; raises UnknownDocumentError where it has no such document."""

    def document(self, document_id: str, /) -> HasText: ...


class Asker(Answers, Library, Protocol):
    """What is evaluated."""


def evaluate(
    engine: Asker,
    questions: Sequence[GoldQuestion],
    save: Path | str | None = None,
    progress: Progress = silent,
) -> Report:
    """Ask every question in order and score the answers; `save` names a file to keep them in.

    A question on which the engine raises QuestionError scores zero, and its row says why; what else
    it raises ends the run. Raises EvaluationError where the set is empty, where its evidence does
    not stand in the engine's documents, where an answer breaks the contract, or where `save` is
    there already or cannot be written.
    """
    check_documents(questions, engine)
    asked = ask_all(engine, counted(questions, "Asking", progress))
    return score_replies(
        questions, list(asked) if save is None else save_replies(asked, save), engine
    )


def score_replies(
    questions: Sequence[GoldQuestion], recorded: Iterable[Recorded], library: Library
) -> Report:
    """Score replies that were recorded before, whatever system gave them.

    A question without a reply scores zero; replies to other questions are left out, since
    `questions` may be a part of the set that was asked. Raises EvaluationError where the set is
    empty, where its evidence does not stand in the library's documents, or where an answer breaks
    the contract; what else the library raises passes.
    """
    by_id = {one.id: one for one in recorded}
    replies = {row_id: one.reply() for row_id, one in by_id.items()}
    cited = (citation.document for reply in replies.values() for citation in reply.citations)
    texts = _texts(library, [*_gold_documents(questions), *cited])
    _check(questions, texts)
    rows = []
    for question in questions:
        one = by_id.get(question.id)
        if one is None:
            rows.append(score(question, Reply.nothing(), texts, None, "no reply was saved"))
        else:
            rows.append(score(question, replies[one.id], texts, one.seconds, one.error))
    return Report(tuple(rows))


def score(
    question: GoldQuestion,
    reply: Reply,
    texts: Mapping[str, str],
    seconds: float | None,
    error: str = "",
) -> Row:
    """A reply's share in every measure; `texts` maps the ids of cited documents to their texts."""
    shares = {name: measure(question, reply) for name, measure in MEASURES.items()}
    shares["offset_integrity"] = offset_integrity(reply, texts)
    return Row(question, reply, seconds, shares, error)


def check_documents(questions: Sequence[GoldQuestion], library: Library) -> None:
    """Raise EvaluationError where the set is empty or its evidence does not stand in a library."""
    _check(questions, _texts(library, _gold_documents(questions)))


def _check(questions: Sequence[GoldQuestion], texts: Mapping[str, str]) -> None:
    if not questions:
        raise EvaluationError("there are no questions to evaluate")
    check_evidence(questions, texts)


def _gold_documents(questions: Iterable[GoldQuestion]) -> list[str]:
    return [span.document for question in questions for span in question.evidence]


def _texts(library: Library, ids: Iterable[str]) -> dict[str, str]:
    """The texts of the documents that there are; the others are left out."""
    texts: dict[str, str] = {}
    for document_id in dict.fromkeys(ids):
        try:
            texts[document_id] = library.document(document_id).text
        except UnknownDocumentError:
            continue  # a citation of it then fails offset integrity, gold evidence its check
    return texts
