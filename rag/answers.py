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
        groups = group(good, name)
        if not is_list(question):
            groups = groups[:1]
        return Answer(question, tuple(self._claim(found, name) for found in groups), best, notes)

    def _claim(self, evidence: Sequence[Evidence], name: Callable[[str], str]) -> Claim:
        """One claim from evidence that says the same, with one citation for each document."""
        first = evidence[0]
        text = first.passage.slice(first.answer)
        cited: dict[str, Evidence] = {}
        for found in evidence:
            cited.setdefault(found.passage.source.id, found)
        return Claim(
            first.verdict or name(text) or text,
            tuple(Citation.of(self.document(id_), found.quote) for id_, found in cited.items()),
            tuple(found.answer for found in cited.values()),
            first.probability,
        )


def group(evidence: Sequence[Evidence], name: Callable[[str], str]) -> list[list[Evidence]]:
    """Evidence whose answers say the same as the first of a group, in the order of the first.

    `name` gives the one name of what a text names, or an empty string.
    """
    groups: list[tuple[str, str, list[Evidence]]] = []
    for found in evidence:
        text = found.passage.slice(found.answer)
        named = name(text)
        for other_name, other_text, same in groups:
            if found.verdict:
                matches = found.verdict == same[0].verdict
            elif named or other_name:
                matches = named == other_name
            else:
                matches = says_the_same(other_text, text)
            if matches:
                same.append(found)
                break
        else:
            groups.append((named, text, [found]))
    return [same for _, _, same in groups]


def says_the_same(one: str, other: str) -> bool:
    """Whether two answers share nearly all words, or one names what the other names in full.

    Different numbers are different answers, and so are `two dozen` and `more than two dozen`.
    """
    first, second = _words(one), _words(other)
    values = {word for word in first ^ second if is_number(word)}
    if values or bounds(one) != bounds(other):
        return False
    if len(first & second) >= SAME_WORDS * len(first | second):
        return True
    shorter, longer = sorted((first, second), key=len)
    return bool(shorter) and len(longer) <= NAME_WORDS and shorter < longer


def _words(text: str) -> frozenset[str]:
    words = frozenset(word for word in _WORD.findall(text) if not is_stop_word(word))
    return frozenset(word.lower() for word in words or _WORD.findall(text))
