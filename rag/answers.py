"""From evidence to an answer: near-identical evidence supports one claim, weak evidence none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.reader import Reader
from rag.types import Abstention, Answer, Citation, Claim, Document, Evidence, Hit

# An abstention shows this many passages.
NEAREST = 3
# Two answers say the same when they share this much of their words (Jaccard): a syndicated
# sentence survives an editor's change of a few words, a different statement does not.
SAME_WORDS = 0.6

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class AnswerBuilder:
    """Decides whether to answer, and makes the claims with their citations.

    `document` gives a document by its id; every quote is cut from its text.
    """

    reader: Reader
    document: Callable[[str], Document]

    def build(self, question: str, hits: Sequence[Hit]) -> Answer | Abstention:
        """Answer from the passages; the decision depends on the evidence in them alone."""
        if not hits:
            return Abstention(question, 0.0, "No passage matches the question and filters.", ())
        evidence = self.reader.read(question, hits)
        best = evidence[0].probability if evidence else 0.0
        if best < self.reader.threshold:
            reason = (
                "The documents do not seem to answer this: the best evidence reaches "
                f"{best:.0%}, and {self.reader.threshold:.0%} is needed."
            )
            return Abstention(question, best, reason, tuple(hits[:NEAREST]))
        return Answer(question, (self._claim(evidence),), best)

    def _claim(self, evidence: Sequence[Evidence]) -> Claim:
        """The best evidence, with all that says nearly the same in other places."""
        first = evidence[0]
        same = [first, *(e for e in evidence[1:] if _says_the_same(first, e))]
        citations: dict[str, tuple[Citation, Evidence]] = {}
        for found in same:
            citation = Citation.of(self.document(found.passage.source.id), found.quote)
            citations.setdefault(citation.source.id, (citation, found))
        return Claim(
            first.passage.slice(first.answer),
            tuple(citation for citation, _ in citations.values()),
            tuple(found.answer for _, found in citations.values()),
            first.probability,
        )


def _says_the_same(one: Evidence, other: Evidence) -> bool:
    first, second = _words(one), _words(other)
    return len(first & second) >= SAME_WORDS * len(first | second)


def _words(evidence: Evidence) -> frozenset[str]:
    text = evidence.passage.slice(evidence.answer)
    return frozenset(word.lower() for word in _WORD.findall(text))
