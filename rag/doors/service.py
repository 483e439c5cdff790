"""What every door gives, as the JSON of version 1: one engine's answers, passages and documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.engine import Engine
from rag.errors import CitableError
from rag.line import Line
from rag.results import Abstention, Answer
from rag.types import JSON, Filters, Source

# Of the JSON that is written to and read from the doors.
VERSION = "1"
# One call's bounds: the whole corpus comes in several.
MAX_HITS = 100
MAX_LISTED = 1_000
# A question with a long history of answers has some 100 kB.
MAX_BODY_BYTES = 1_048_576
RANGE_MEND = "keep to 0 <= start <= end <= characters"


class RangeError(CitableError):
    """The document does not have the characters that are asked for."""


@dataclass(frozen=True, slots=True)
class Service:
    """An engine for programs; its methods may be called from several threads at once.

    `ask` and `search` take the engine, and belong in the `line`.
    """

    engine: Engine
    line: Line = field(default_factory=Line)

    def ask(
        self, question: str, filters: Filters, history: Sequence[Answer | Abstention] = ()
    ) -> JSON:
        """`Answer.to_json()` or `Abstention.to_json()`, unchanged; raises QuestionError."""
        return self.engine.ask(question, filters=filters, history=history).to_json()

    def search(self, question: str, k: int, filters: Filters) -> JSON:
        """The question and its `k` best passages; raises QuestionError."""
        hits = self.engine.search(question, k, filters=filters)
        return {"question": question, "hits": [hit.to_json() for hit in hits]}

    def documents(self, offset: int, limit: int) -> JSON:
        """How many documents there are, and those from `offset` on, in the order of their ids."""
        sources = self.engine.documents()
        shown = sources[offset : offset + limit]
        return {
            "total": len(sources),
            "offset": offset,
            "documents": [_described(source) for source in shown],
        }

    def read(
        self, document_id: str, start: int = 0, end: int | None = None, most: int | None = None
    ) -> JSON:
        """The characters `[start, end)` of a document's canonical text, at most `most` of them.

        Raises UnknownDocumentError, and RangeError where the text has no such range.
        """
        document = self.engine.document(document_id)
        characters = len(document.text)
        last = characters if end is None else end
        if not 0 <= start <= last <= characters:
            raise RangeError(
                f"'{document_id}' has {characters} characters and so no range {start}-{last}"
            )
        last = last if most is None else min(last, start + most)
        return {
            **_described(document.source),
            "characters": characters,
            "start": start,
            "end": last,
            "text": document.text[start:last],
        }

    def status(self) -> JSON:
        """What is indexed; nothing of where it lies on this machine."""
        status = self.engine.status(with_copies=False)
        return {
            "version": VERSION,
            "documents": status.documents,
            "passages": status.passages,
            "encoder": status.encoder,
        }


def _described(source: Source) -> JSON:
    return {**source.to_json(), "sha256": source.sha256}
