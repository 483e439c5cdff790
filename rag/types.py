"""The frozen data that travels through the pipeline: Document → Passage → Hit → Evidence.

Offsets are half-open ranges `[start, end)` of code points in a document's canonical text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points of a document's canonical text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got {self.start}-{self.end}")

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def moved(self, by: int) -> Span:
        """The range as far on, or for a negative number as far back."""
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Source:
    """What identifies a document and is shown with every citation of it.

    `id` is the path relative to the indexed folder; unknown metadata are empty strings;
    `published` is an ISO date (`YYYY-MM-DD`); `sha256` is the digest of the source file's bytes.
    """

    id: str
    title: str = ""
    publisher: str = ""
    author: str = ""
    published: str = ""
    sha256: str = ""

    @property
    def label(self) -> str:
        """The title, or the id of a document without one."""
        return self.title or self.id

    def to_json(self) -> JSON:
        return {
            "document": self.id,
            "title": self.label,
            "publisher": self.publisher or None,
            "published": self.published or None,
        }


@dataclass(frozen=True, slots=True)
class Document:
    """A document's canonical text, with the ranges of page furniture that are never quoted."""

    source: Source
    text: str
    furniture: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        for span in self.furniture:
            if span.end > len(self.text):
                raise ValueError(
                    f"{self.source.id}: furniture {span} ends past the text ({len(self.text)})"
                )

    @property
    def id(self) -> str:
        return self.source.id


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one document: `text` is its range of the canonical text.

    `sentences` are absolute ranges of the canonical text, in order, inside `[start, end)`.
    """

    source: Source
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]

    def __post_init__(self) -> None:
        if len(self.text) != self.end - self.start:
            raise ValueError(f"{self.id}: text has {len(self.text)} characters")
        for sentence in self.sentences:
            if not (self.start <= sentence.start and sentence.end <= self.end):
                raise ValueError(f"{self.id}: sentence {sentence} lies outside the passage")

    @property
    def id(self) -> str:
        return f"{self.source.id}:{self.start}-{self.end}"

    def holds(self, span: Span) -> bool:
        """Whether an absolute range lies inside this passage."""
        return self.start <= span.start and span.end <= self.end

    def slice(self, span: Span) -> str:
        """The text of an absolute range that lies inside this passage."""
        if not self.holds(span):
            raise ValueError(f"{self.id}: {span} lies outside the passage")
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage; higher is better for every score.

    `score` is the reciprocal rank fusion of both rankings, `dense` the cosine of the question's
    and the passage's vectors, `lexical` the BM25 score (0 where no word is shared).
    """

    passage: Passage
    score: float
    dense: float
    lexical: float

    def to_json(self) -> JSON:
        return {
            **self.passage.source.to_json(),
            "start": self.passage.start,
            "end": self.passage.end,
            "text": self.passage.text,
            "score": self.score,
            "dense": self.dense,
            "lexical": self.lexical,
        }


@dataclass(frozen=True, slots=True)
class Filters:
    """Restricts retrieval; an empty tuple or string leaves that side open.

    A value that matches no document makes the search find nothing, never everything.
    Dates are ISO days, both inclusive; a document without a date matches no date filter.
    """

    documents: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    published_from: str = ""
    published_to: str = ""

    def __bool__(self) -> bool:
        return bool(self.documents or self.publishers or self.published_from or self.published_to)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that a reader holds to answer the question, and the answer inside it.

    `quote` and `answer` are absolute ranges; `answer` lies in `quote`, and equals it where
    nothing shorter is safe. `probability` (0 to 1) says how sure the reader is; `verdict` is its
    reading of a yes-no question: the probabilities of yes, no and unclear.
    """

    passage: Passage
    quote: Span
    answer: Span
    probability: float
    verdict: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        if not self.quote.contains(self.answer):
            raise ValueError(f"{self.passage.id}: answer {self.answer} outside {self.quote}")
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"{self.passage.id}: probability {self.probability}")


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quotation: `quote == document.text[start:end]`, checked by `Citation.of`."""

    source: Source
    start: int
    end: int
    quote: str

    def __post_init__(self) -> None:
        if not self.quote or len(self.quote) != self.end - self.start:
            raise ValueError(
                f"{self.source.id}:{self.start}-{self.end} does not fit a quote of "
                f"{len(self.quote)} characters"
            )

    @classmethod
    def of(cls, document: Document, span: Span) -> Citation:
        """Cite `span` of `document`; raises ValueError where the span leaves the text."""
        return cls(document.source, span.start, span.end, document.text[span.start : span.end])

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class QuestionType:
    """What a question asks for, as far as its wording tells.

    `form` is `single`, `list` or `yes-no`; `expects` the kind of answer: `person`, `country`,
    `organisation`, `place`, `date`, `number`, `reason`, `quote` (what somebody said), `statement`
    (yes-no) or `thing`; `polarity` of a list `affirmed`, `declined`, `undecided`. Empty strings:
    `polarity` not asked for, nobody named as `speaker`, no `publisher` named ("according to …").
    """

    form: str
    expects: str
    polarity: str = ""
    speaker: str = ""
    publisher: str = ""

    def to_json(self) -> JSON:
        return {
            "form": self.form,
            "expects": self.expects,
            "polarity": self.polarity or None,
            "speaker": self.speaker or None,
            "publisher": self.publisher or None,
        }


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not indexed, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an indexing run did, by document id."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[Skipped, ...]


def describe(source: Source) -> str:
    """Title, publisher and date of a source, those that are known, and its id."""
    parts: Sequence[str] = [p for p in (source.title, source.publisher, source.published) if p]
    return ", ".join([*parts, source.id])
