"""From evidence to an answer: near-identical evidence supports one claim, weak evidence none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.language import bounds, is_list, is_number, is_stop_word
from rag.names import asks_for_country, country, country_in
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
        notes = self.reader.notes(question)
        evidence = self.reader.read(question, hits)
        best = evidence[0].probability if evidence else 0.0
        threshold = self.reader.threshold(question)
        if best < threshold:
            reason = (
                "The documents do not seem to answer this: the best evidence reaches "
                f"{best:.0%}, and {threshold:.0%} is needed."
            )
            return Abstention(question, best, reason, tuple(hits[:NEAREST]), notes)
        good = [found for found in evidence if found.probability >= threshold]
        # Where a country is asked for, `the Italian premier` names it; elsewhere only `Italy` does.
        name = country_in if asks_for_country(question) else country
        said = [Said.of(found, name) for found in good]
        groups = group(said) if is_list(question) else [[s for s in said if s.same_as(said[0])]]
        return Answer(question, tuple(map(self._claim, groups)), best, notes)

    def _claim(self, said: Sequence[Said]) -> Claim:
        """One claim from evidence that says the same, with one citation for each document."""
        first = said[0].evidence
        cited: dict[str, Evidence] = {}
        for one in said:
            cited.setdefault(one.evidence.passage.source.id, one.evidence)
        return Claim(
            said[0].name or first.passage.slice(first.answer),
            tuple(Citation.of(self.document(id_), found.quote) for id_, found in cited.items()),
            tuple(found.answer for found in cited.values()),
            first.probability,
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What a piece of evidence says, made comparable once.

    `name` is the one name of what the answer names, or empty.
    """

    evidence: Evidence
    name: str
    words: frozenset[str]
    numbers: frozenset[str]
    bounds: frozenset[str]

    @classmethod
    def of(cls, evidence: Evidence, name: Callable[[str], str] = country) -> Said:
        text = evidence.passage.slice(evidence.answer)
        words = frozenset(word for word in _WORD.findall(text) if not is_stop_word(word))
        words = frozenset(word.lower() for word in words or _WORD.findall(text))
        numbers = frozenset(filter(is_number, words))
        return cls(evidence, name(text), words, numbers, bounds(text))

    def same_as(self, other: Said) -> bool:
        """Whether two answers share nearly all words, or one names what the other names in full.

        Different numbers are different answers, as are `two dozen` and `more than two dozen`.
        """
        if self.name or other.name:
            return self.name == other.name
        if self.numbers != other.numbers or self.bounds != other.bounds:
            return False
        if len(self.words & other.words) >= SAME_WORDS * len(self.words | other.words):
            return True
        shorter, longer = sorted((self.words, other.words), key=len)
        return bool(shorter) and len(longer) <= NAME_WORDS and shorter < longer


def group(said: Sequence[Said]) -> list[list[Said]]:
    """What says the same as the first of a group, in the order of the first ones."""
    groups: list[list[Said]] = []
    for one in said:
        for same in groups:
            if one.same_as(same[0]):
                same.append(one)
                break
        else:
            groups.append([one])
    return groups
