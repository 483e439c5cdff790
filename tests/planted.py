"""Documents with planted evidence: what the answer builder makes of it can be told in advance."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answers import AnswerBuilder
from rag.results import Abstention, Answer, Claim
from rag.types import Document, Evidence, Hit, Passage, Source, Span

Plan = tuple[str, str, str, float]  # a document's id, the sentence, the answer in it, how probable
Verdict = tuple[float, float, float]

THRESHOLD = 0.5


class Corpus:
    """Documents of one passage each, and a reader that finds what is planted in those it is given.

    `again` is what it finds when it is asked for the undecided; evidence counts from `share` of
    the best on.
    """

    def __init__(self, documents: dict[str, str], copies: Sequence[str] = ()) -> None:
        self.documents = {id_: Document(Source(id_), text) for id_, text in documents.items()}
        self.copies = copies
        self.share = 0.0
        self.planted: list[Evidence] = []
        self.again: list[Evidence] = []
        self.asked: list[tuple[str, list[str]]] = []

    def hits(self) -> list[Hit]:
        found = []
        for document in self.documents.values():
            end = len(document.text)
            passage = Passage(document.source, 0, end, document.text, (Span(0, end),))
            found.append(Hit(passage, 1.0, 1.0, 1.0))
        return found

    def evidence(self, plan: Plan, verdict: Verdict | None = None) -> Evidence:
        id_, sentence, answer, probability = plan
        passage = next(h.passage for h in self.hits() if h.passage.source.id == id_)
        start = passage.text.index(sentence)
        at = start + sentence.index(answer)
        quote = Span(start, start + len(sentence))
        return Evidence(passage, quote, Span(at, at + len(answer)), probability, verdict)

    def threshold(self, _: str) -> float:
        return THRESHOLD

    def least(self, _: str, best: float) -> float:
        return max(THRESHOLD, self.share * best)

    def notes(self, _: str) -> tuple[str, ...]:
        return ()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        ids = [hit.passage.source.id for hit in hits]
        self.asked.append((question, ids))
        found = self.again if question.endswith("set a condition?") else self.planted
        inside = [one for one in found if one.passage.source.id in ids]
        return sorted(inside, key=lambda one: -one.probability)

    def answer(self, question: str, *plans: Plan, again: Sequence[Plan] = ()) -> Answer:
        self.planted = [self.evidence(plan) for plan in plans]
        self.again = [self.evidence(plan) for plan in again]
        result = self.build(question)
        assert isinstance(result, Answer)
        return result

    def build(self, question: str) -> Answer | Abstention:
        def copy_group(id_: str) -> str:
            return "one group" if id_ in self.copies else id_

        builder = AnswerBuilder(self, self.documents.__getitem__, copy_group)
        return builder.build(question, self.hits())


def texts(claims: Sequence[Claim]) -> list[str]:
    return [claim.text for claim in claims]


def cited(claim: Claim) -> list[str]:
    return [citation.source.id for citation in claim.citations]


def numbers(answer: Answer) -> list[int]:
    every = (*answer.claims, *answer.undecided)
    return [answer.number(citation) for claim in every for citation in claim.citations]
