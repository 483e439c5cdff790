"""The frozen data that travels through the pipeline: Document → Passage → Hit → Evidence → Answer.

Offsets are half-open ranges `[start, end)` of code points in a document's canonical text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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

    def slice(self, span: Span) -> str:
        """The text of an absolute range that lies inside this passage."""
        if not (self.start <= span.start and span.end <= self.end):
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
    nothing shorter is safe. `probability` (0 to 1) says how sure the reader is.
    """

    passage: Passage
    quote: Span
    answer: Span
    probability: float

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
class Claim:
    """One line of an answer with all the citations that support it (at least one).

    `answers` are the ranges, one for each citation, of the answer inside the quote.
    """

    text: str
    citations: tuple[Citation, ...]
    answers: tuple[Span, ...]
    confidence: float

    def __post_init__(self) -> None:
        if not self.citations or len(self.answers) != len(self.citations):
            raise ValueError(f"claim {self.text!r} needs one answer range for each citation")


@dataclass(frozen=True, slots=True)
class Answer:
    """Claims with their citations; numbers are given in order of first use when it is rendered.

    `notes` say what the asker should know of how the question was read.
    """

    question: str
    claims: tuple[Claim, ...]
    confidence: float
    notes: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not self.claims:
            raise ValueError("an answer needs a claim; use Abstention")
        used = dict.fromkeys(c for claim in self.claims for c in claim.citations)
        object.__setattr__(self, "citations", tuple(used))

    @property
    def answered(self) -> bool:
        return True

    def number(self, citation: Citation) -> int:
        """The citation's number, from 1."""
        return self.citations.index(citation) + 1

    @property
    def text(self) -> str:
        """`United States [1][2]; Italy [3]`."""
        return "; ".join(
            f"{claim.text} " + "".join(f"[{self.number(c)}]" for c in claim.citations)
            for claim in self.claims
        )

    def to_json(self) -> JSON:
        """The answer as a JSON-ready dict, the contract of version 1."""
        return {
            "question": self.question,
            "answered": True,
            "confidence": self.confidence,
            "answer": self.text,
            "claims": [
                {
                    "text": claim.text,
                    "citations": [self.number(c) for c in claim.citations],
                    "confidence": claim.confidence,
                }
                for claim in self.claims
            ],
            "citations": [
                {
                    "number": number,
                    **citation.source.to_json(),
                    "start": citation.start,
                    "end": citation.end,
                    "quote": citation.quote,
                }
                for number, citation in enumerate(self.citations, 1)
            ],
            "nearest": [],
            "reason": None,
            "notes": list(self.notes),
        }

    def to_markdown(self) -> str:
        """The claims as lines and a numbered list of references with their quotes."""
        lines = [f"**{self.question}**", ""]
        for claim in self.claims:
            marks = "".join(f"[{self.number(c)}]" for c in claim.citations)
            lines.append(f"- {_one_line(claim.text)} {marks}")
        lines += [f"\nNote: {note}" for note in self.notes]
        lines += ["", "References", ""]
        for number, citation in enumerate(self.citations, 1):
            lines.append(
                f"{number}. {describe(citation.source)}, characters "
                f"{citation.start}–{citation.end}: “{_one_line(citation.quote)}”"
            )
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Abstention:
    """The decision not to answer, with its reason and the nearest passages."""

    question: str
    confidence: float
    reason: str
    nearest: tuple[Hit, ...]
    notes: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        return False

    def to_json(self) -> JSON:
        """The abstention as a JSON-ready dict, the contract of version 1."""
        return {
            "question": self.question,
            "answered": False,
            "confidence": self.confidence,
            "answer": "",
            "claims": [],
            "citations": [],
            "nearest": [hit.to_json() for hit in self.nearest],
            "reason": self.reason,
            "notes": list(self.notes),
        }

    def to_markdown(self) -> str:
        """The reason and the nearest passages as a list."""
        lines = [f"**{self.question}**", "", self.reason]
        lines += [f"\nNote: {note}" for note in self.notes]
        if self.nearest:
            lines += ["", "Nearest passages", ""]
        for hit in self.nearest:
            passage = hit.passage
            lines.append(
                f"- {describe(passage.source)}, characters {passage.start}–{passage.end}: "
                f"“{_one_line(passage.text)}”"
            )
        return "\n".join(lines) + "\n"


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


def _one_line(text: str) -> str:
    return " ".join(text.split())
