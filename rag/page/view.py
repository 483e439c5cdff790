"""What the page shows, as data: an answer or an abstention and the places it opens in a source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from rag.explained import Explained
from rag.page.uploads import CorpusEngine
from rag.results import Abstention, Answer, Claim
from rag.types import Citation, Document, Hit, QuestionType, Source, Span

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
# A follow-up question refers to what was asked just before; older results are let go.
KEPT_RESULTS = 10
# Words for `QuestionType`; what is not among them (`thing`, `statement`) tells a reader nothing.
_FORMS = {"single": "one answer", "list": "list", "yes-no": "yes or no"}
_PLURALS = {
    "person": "people",
    "country": "countries",
    "organisation": "organisations",
    "place": "places",
    "date": "dates",
    "number": "numbers",
    "reason": "reasons",
    "quote": "quotes",
}


class PageEngine(CorpusEngine, Protocol):
    """What the page needs of an engine; its methods are called from several threads at once."""

    def ask(
        self, question: str, *, history: Sequence[Answer | Abstention] = ()
    ) -> Answer | Abstention: ...

    def explain(
        self,
        question: str,
        *,
        history: Sequence[Answer | Abstention] = (),
        found: Callable[[Sequence[Hit]], None] = ...,
    ) -> Explained: ...

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
    """A result and its places in the order in which they are shown; clicks name them by index.

    After the result's own `places` come the `passages` that it was made from.
    """

    result: Answer | Abstention
    places: tuple[Place, ...]
    passages: tuple[Place, ...] = ()
    explained: Explained | None = None

    @property
    def every_place(self) -> tuple[Place, ...]:
        return (*self.places, *self.passages)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The latest results of one browser's session, oldest first, and what is shown of them.

    `view` is None while a question is being read and after an error.
    """

    results: tuple[Answer | Abstention, ...] = ()
    view: View | None = None

    def without_view(self) -> Conversation:
        return replace(self, view=None)

    def with_view(self, view: View) -> Conversation:
        """The conversation with one more result, which is shown."""
        return Conversation((*self.results, view.result)[-KEPT_RESULTS:], view)

    def earlier(self) -> tuple[str, ...]:
        """The questions before the one that is shown, each once, in a form that stands alone."""
        asked = [result.rewritten or result.question for result in self.results]
        shown = asked.pop() if self.view else ""
        latest_first = dict.fromkeys(question for question in reversed(asked) if question != shown)
        return tuple(reversed(latest_first))


def view_of(result: Answer | Abstention) -> View:
    """The result with its places: one for each mark of each claim, then one for each reference.

    The marks of undecided parties follow those of the claims. An abstention has a place for each
    nearest passage.
    """
    if isinstance(result, Abstention):
        return View(result, tuple(_nearest(hit) for hit in result.nearest))
    claims = (*result.claims, *result.undecided)
    marks = [
        _cited(result, citation, (answer,))
        for claim in claims
        for citation, answer in zip(claim.citations, claim.answers, strict=True)
    ]
    references = [
        _cited(result, citation, _answers(claims, citation)) for citation in result.citations
    ]
    return View(result, (*marks, *references))


def explained_view(explained: Explained) -> View:
    """The result's view with the passages that it was made from."""
    passages = tuple(_nearest(hit) for hit in explained.hits)
    return replace(view_of(explained.result), passages=passages, explained=explained)


def confidence_words(confidence: float) -> str:
    """`very likely right (93%)`: the word of the scale `LIKELIHOOD` and the probability."""
    word = next(word for least, word in LIKELIHOOD if confidence >= least)
    return f"{word} ({confidence:.0%})"


def type_words(asked: QuestionType) -> str:
    """`list · countries · declined`: how the question was read, in a few words."""
    plural = _PLURALS.get(asked.expects, "")
    parts = (
        _FORMS.get(asked.form, asked.form),
        asked.expects if plural and asked.form == "single" else plural,
        asked.polarity,
        f"said by {asked.speaker}" if asked.speaker else "",
        f"in {asked.publisher}" if asked.publisher else "",
    )
    return " · ".join(part for part in parts if part)


def words_of(claim: Claim, asked: QuestionType) -> tuple[str, str]:
    """What stands before a claim's words (`According to Ann Lee:`, or nothing), and the words.

    Together they are `Claim.attributed`. The items of a list are names, not somebody's words.
    """
    lead = f"According to {claim.speaker}:"
    if asked.form == "list" or not claim.attributed.startswith(lead):
        return "", claim.text
    return lead, claim.attributed.removeprefix(lead).lstrip()


def about_claim(claim: Claim) -> tuple[str, ...]:
    """What is added to a claim, outside its quote: whom it is about, and how many say it."""
    about = f"about {claim.context}" if claim.context else ""
    sources = f"{claim.sources} independent sources" if claim.sources > 1 else ""
    return tuple(part for part in (about, sources) if part)


def readable_date(published: str) -> str:
    """`5 September 2025` for an ISO date; anything else as it is."""
    try:
        day = date.fromisoformat(published)
    except ValueError:
        return published
    return f"{day.day} {day:%B %Y}"


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
