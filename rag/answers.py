"""From evidence to an answer: near-identical evidence supports one claim, weak evidence none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.language import is_list, is_number, is_stop_word
from rag.reader import Reader
from rag.types import Abstention, Answer, Citation, Claim, Document, Evidence, Hit

# An abstention shows this many passages.
NEAREST = 3
# Two answers say the same when they share this much of their words (Jaccard): a syndicated
# sentence survives an editor's change of a few words, a different statement does not.
SAME_WORDS = 0.6
# `Holm` is `Mayor Ida Holm`: names and titles are no longer than this, whole statements are.
NAME_WORDS = 5

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
        threshold = self.reader.threshold(question)
        if best < threshold:
            reason = (
                "The documents do not seem to answer this: the best evidence reaches "
                f"{best:.0%}, and {threshold:.0%} is needed."
            )
            return Abstention(question, best, reason, tuple(hits[:NEAREST]))
        good = [found for found in evidence if found.probability >= threshold]
        groups = group(good)
        if not is_list(question):
            groups = groups[:1]
        return Answer(question, tuple(self._claim(found) for found in groups), best)

    def _claim(self, evidence: Sequence[Evidence]) -> Claim:
        """One claim from evidence that says the same, with one citation for each document."""
        first = evidence[0]
        cited: dict[str, Evidence] = {}
        for found in evidence:
            cited.setdefault(found.passage.source.id, found)
        return Claim(
            first.passage.slice(first.answer),
            tuple(Citation.of(self.document(id_), found.quote) for id_, found in cited.items()),
            tuple(found.answer for found in cited.values()),
            first.probability,
        )


def group(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """Evidence whose answers say the same as the first of a group, in the order of the first."""
    groups: list[list[Evidence]] = []
    for found in evidence:
        for same in groups:
            if says_the_same(_text(same[0]), _text(found)):
                same.append(found)
                break
        else:
            groups.append([found])
    return groups


def says_the_same(one: str, other: str) -> bool:
    """Whether two answers share nearly all words, or one names what the other names in full."""
    first, second = _words(one), _words(other)
    if len(first & second) >= SAME_WORDS * len(first | second):
        return True
    shorter, longer = sorted((first, second), key=len)
    return (
        bool(shorter)
        and len(longer) <= NAME_WORDS
        and shorter < longer
        and not any(map(is_number, shorter | longer))
    )


def _text(evidence: Evidence) -> str:
    return evidence.passage.slice(evidence.answer)


def _words(text: str) -> frozenset[str]:
    words = frozenset(word for word in _WORD.findall(text) if not is_stop_word(word))
    return frozenset(word.lower() for word in words or _WORD.findall(text))
