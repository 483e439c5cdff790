"""The JSON of version 1 as schemas: what programs send, and what they get.

What is sent is checked against them; what is got is made by `to_json`, which a test compares.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from rag.doors.service import MAX_HITS, MAX_LISTED
from rag.engine import MAX_QUESTION_CHARS
from rag.results import Abstention, Answer, Claim
from rag.types import Citation, Filters, QuestionType, Source

# A conversation's questions refer to the last few before them.
MAX_HISTORY = 20
# What a claim says is a part of a passage, and passages have a tenth of this.
MAX_CLAIM_CHARS = 20_000
# More names than anybody lists, few enough for one database query.
MAX_NAMES = 1_000


def _day(text: str) -> str:
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ValueError(f"'{text}' is no day such as 2025-09-05") from error


def _encodable(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        try:
            name.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"{name!r} holds half a character, which no name does") from error
    return names


Day = Annotated[str, AfterValidator(_day), Field(examples=["2025-09-05"])]
Names = Annotated[tuple[str, ...], AfterValidator(_encodable), Field(max_length=MAX_NAMES)]
# The engine counts the characters after it has closed up the white space.
Words = Annotated[str, Field(json_schema_extra={"maxLength": MAX_QUESTION_CHARS})]
# A question as the engine returns it, after that.
Returned = Annotated[str, Field(max_length=MAX_QUESTION_CHARS)]
Hits = Annotated[int, Field(ge=1, le=MAX_HITS, description="How many passages")]
Offset = Annotated[int, Field(ge=0)]
Shown = Annotated[int, Field(ge=1, le=MAX_LISTED, description="How many documents")]


class Schema(BaseModel):
    """Refuses fields that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Restriction(Schema):
    """Only passages of these documents, publishers and days; what is left out is left open."""

    documents: Names = Field(default=(), description="Only these documents, by id")
    publishers: Names = Field(default=(), description="Only these publishers, by name")
    published_from: Day = Field(default="", description="Only of this day (YYYY-MM-DD) or later")
    published_to: Day = Field(default="", description="Only of this day (YYYY-MM-DD) or earlier")

    def to_filters(self) -> Filters:
        return Filters(self.documents, self.publishers, self.published_from, self.published_to)


class Asked(Schema):
    """How a question was read."""

    form: str = Field(description="single, list or yes-no")
    expects: str
    polarity: str | None
    speaker: str | None
    publisher: str | None


class Range(Schema):
    """The characters `[start, end)` (code points) of a document's text."""

    document: str
    title: str
    publisher: str | None
    published: str | None
    start: int
    end: int


class Cited(Range):
    """A verbatim quote."""

    number: int
    quote: str

    def to_citation(self) -> Citation:
        source = Source(
            self.document, self.title, self.publisher or "", published=self.published or ""
        )
        return Citation(source, self.start, self.end, self.quote)


class Stated(Schema):
    """One line of an answer; `citations` are numbers of the answer's citations."""

    text: str = Field(max_length=MAX_CLAIM_CHARS)
    citations: tuple[int, ...]
    confidence: float
    sources: int = Field(description="How many of the citations are independent")
    speaker: str | None
    context: str | None

    def to_claim(self, cited: dict[int, Citation]) -> Claim:
        citations = tuple(cited[number] for number in self.citations)
        return Claim(
            self.text,
            citations,
            # Where in the quote the answer stands is not told; the whole quote answers.
            tuple(citation.span for citation in citations),
            self.confidence,
            self.sources,
            self.speaker or "",
            self.context or "",
        )


class Retrieved(Range):
    """A passage; higher is better for every score."""

    text: str
    score: float
    dense: float
    lexical: float


class Result(Schema):
    """An answer made of quotes, or (`answered` is false) a reason and the nearest passages."""

    question: Returned
    rewritten_question: Returned | None
    question_type: Asked
    answered: bool
    confidence: float = Field(description="The probability that the answer is right")
    answer: str
    verdict: str | None = Field(description="yes, no or unclear, for a yes-no question")
    claims: tuple[Stated, ...]
    undecided: tuple[Stated, ...]
    disagreement: bool
    citations: tuple[Cited, ...]
    nearest: tuple[Retrieved, ...]
    reason: str | None
    notes: tuple[str, ...]

    def to_result(self) -> Answer | Abstention:
        """What a later question of the conversation is read with; raises ValueError, KeyError."""
        asked = self.question_type
        question_type = QuestionType(
            asked.form,
            asked.expects,
            asked.polarity or "",
            asked.speaker or "",
            asked.publisher or "",
        )
        rewritten = self.rewritten_question or ""
        if not self.answered:
            return Abstention(
                self.question, self.confidence, self.reason or "", (), question_type, rewritten
            )
        cited = {citation.number: citation.to_citation() for citation in self.citations}
        return Answer(
            self.question,
            tuple(claim.to_claim(cited) for claim in self.claims),
            self.confidence,
            question_type,
            tuple(claim.to_claim(cited) for claim in self.undecided),
            self.verdict or "",
            self.disagreement,
            rewritten,
            self.notes,
        )


class Worded(Schema):
    question: Words = Field(examples=["Which nations agreed to send forces?"])


class Question(Worded):
    filters: Restriction = Restriction()


class AskRequest(Question):
    history: tuple[Result, ...] = Field(
        default=(),
        max_length=MAX_HISTORY,
        description="The results of the conversation so far, as they were returned, oldest first",
    )

    @model_validator(mode="after")
    def _history_is_whole(self) -> Self:
        self.results()
        return self

    def results(self) -> tuple[Answer | Abstention, ...]:
        """The history; raises ValueError where a result of it is not as one was returned."""
        try:
            return tuple(result.to_result() for result in self.history)
        except KeyError as error:
            raise ValueError(f"history: there is no citation {error}") from error


class SearchRequest(Question):
    k: Hits = 10


class Found(Schema):
    question: str
    hits: tuple[Retrieved, ...]


class Listed(Schema):
    document: str
    title: str
    publisher: str | None
    published: str | None
    sha256: str


class Documents(Schema):
    """`documents` are those from `offset` on, of `total`."""

    total: int
    offset: int
    documents: tuple[Listed, ...]


class DocumentText(Listed):
    """`text` is the range `[start, end)` of a text of `characters` code points."""

    characters: int
    start: int
    end: int
    text: str


class Holdings(Schema):
    version: str
    documents: int
    passages: int
    encoder: str
