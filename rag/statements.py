"""All that somebody says, for questions that name no matter: `What did Ann Lee say?`.

Whatever the documents say that she says answers such a question: who says it decides, not what.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rag.discourse.speech_words import NEGATIONS
from rag.discourse.told import told_by
from rag.discourse.wholes import spoken
from rag.speakers import is_by
from rag.types import Evidence, Hit, Passage, Span

# How probably a statement is by the speaker that the rules on attribution name: they named the
# gold speaker of 139 of 144 statements of newsroom dev and our own dev events, and of 342 of 393
# in newsroom train.
ATTRIBUTED = 0.9
# Fewer words are no statement that stands alone: `“definitely not” acceptable`, `on Monday`.
WHOLE_WORDS = 4

# What is left of a question for everything when the speaker's name is taken away.
_NO_MATTER = frozenset(
    "what else did does do has have say said says think the mr mrs ms dr".split()
)
# `What does Lee expect Kim to say?`
_NO_NAME = NEGATIONS | {"to"}
_WORD = re.compile(r"\w+")
# A quotation that is a sentence, however short: `“I resign,” Lee said.`
_QUOTED_SENTENCE = re.compile(r"[“\"«][A-ZÀ-Þ]\S* \S")


def names_no_matter(question: str, speaker: str) -> bool:
    """Whether a question asks for whatever a speaker says."""
    asked = {word.lower() for word in _WORD.findall(question)}
    named = {word.lower() for word in _WORD.findall(speaker)} - _NO_NAME
    return bool(named) and asked <= named | _NO_MATTER


def statements(speaker: str, hits: Sequence[Hit], text: Callable[[Passage], str]) -> list[Evidence]:
    """What a speaker says in passages, in their order; `text` gives a passage's whole document.

    What has fewer than WHOLE_WORDS and is no quoted sentence is left out, and so are parts of other
    statements.
    """
    found: dict[tuple[str, Span], Evidence] = {}
    for hit in hits:
        for one in _told(speaker, hit.passage, text(hit.passage)):
            found.setdefault((hit.passage.source.id, one.answer), one)
    whole = [one for one in found.values() if _stands_alone(one)]
    return [one for one in whole if not any(_is_part(one, other) for other in whole)]


def _stands_alone(one: Evidence) -> bool:
    words = one.passage.slice(one.answer).split()
    text, start = one.passage.text, one.answer.start - one.passage.start
    return len(words) >= WHOLE_WORDS or bool(start and _QUOTED_SENTENCE.match(text, start - 1))


def _is_part(one: Evidence, other: Evidence) -> bool:
    same = one.passage.source.id == other.passage.source.id
    return same and one.answer != other.answer and other.answer.contains(one.answer)


def _told(speaker: str, passage: Passage, text: str) -> Iterator[Evidence]:
    for sentence in passage.sentences:
        for found, answer in told_by(text, sentence):
            answer = spoken(text, answer)
            if found.asserted and sentence.contains(answer) and is_by(speaker, found, text):
                yield Evidence(passage, sentence, answer, ATTRIBUTED)
