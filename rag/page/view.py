"""What the page shows, as data: an answer or an abstention and the places it opens in a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rag.types import Abstention, Answer, Citation, Claim, Document, Hit, Source, Span

# Words for a probability, from the likelihood scale of the IPCC's guidance note on uncertainty
# (Mastrandrea et al. 2010), so that the word and the number always mean the same.
LIKELIHOOD = (
    (0.99, "virtually certain"),
    (0.90, "very likely right"),
    (0.66, "likely right"),
    (0.33, "as likely right as wrong"),
    (0.10, "unlikely to be right"),
    (0.0, "very unlikely to be right"),
)


class PageEngine(Protocol):
    """What the page needs of an engine; its methods are called from several threads at once."""

    def ask(self, question: str) -> Answer | Abstention: ...

    def documents(self) -> list[Source]: ...

    def document(self, document_id: str) -> Document: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A range of a document that can be opened beside the answer.

    `number` is the citation's (0 for a nearest passage), `quote` the text that stood at `span`
    when the answer was made, and `answers` the ranges inside it that answer the question.
    """

    number: int
    source: Source
    span: Span
    quote: str
    answers: tuple[Span, ...] = ()

    @property
    def characters(self) -> str:
        return f"characters {self.span.start}–{self.span.end}"


@dataclass(frozen=True, slots=True)
class View:
    """A result and its places in the order in which they are shown; clicks name them by index."""

    result: Answer | Abstention
    places: tuple[Place, ...]


def view_of(result: Answer | Abstention) -> View:
    """The result with its places: one for each mark of each claim, then one for each reference.

    An abstention has a place for each nearest passage.
    """
    if isinstance(result, Abstention):
        return View(result, tuple(_nearest(hit) for hit in result.nearest))
    marks = [
        _cited(result, citation, (answer,))
        for claim in result.claims
        for citation, answer in zip(claim.citations, claim.answers, strict=True)
    ]
    references = [
        _cited(result, citation, _answers(result.claims, citation)) for citation in result.citations
    ]
    return View(result, (*marks, *references))


def confidence_words(confidence: float) -> str:
    """`very likely right (93%)`: the word of the scale `LIKELIHOOD` and the probability."""
    word = next(word for least, word in LIKELIHOOD if confidence >= least)
    return f"{word} ({confidence:.0%})"


def _cited(answer: Answer, citation: Citation, answers: tuple[Span, ...]) -> Place:
    # An answer that is the whole quote would put everything in bold, which shows nothing.
    shorter = tuple(span for span in answers if span != citation.span)
    return Place(answer.number(citation), citation.source, citation.span, citation.quote, shorter)


def _answers(claims: tuple[Claim, ...], citation: Citation) -> tuple[Span, ...]:
    found = {
        answer
        for claim in claims
        for cited, answer in zip(claim.citations, claim.answers, strict=True)
        if cited == citation
    }
    return tuple(sorted(found))


def _nearest(hit: Hit) -> Place:
    passage = hit.passage
    return Place(0, passage.source, Span(passage.start, passage.end), passage.text)
