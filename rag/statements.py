"""All that somebody says, for questions that name no matter: `What did Ann Lee say?`.

Whatever the documents say that she says answers such a question: who says it decides, not what.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rag.discourse.attribution import told_by
from rag.discourse.speech_words import NEGATIONS
from rag.discourse.wholes import spoken
from rag.speakers import is_asked
from rag.types import Evidence, Hit, Passage, Span

# How probably a statement is by the speaker that the rules on attribution name: they named the
# gold speaker of 139 of 144 statements of newsroom dev and our own dev events, and of 342 of 393
# in newsroom train.
ATTRIBUTED = 0.9
# Fewer words are no statement that stands alone: `“definitely not” acceptable`, `on Monday`.
WHOLE_WORDS = 4

# `What does Lee expect Kim to say?`
_NO_NAME = NEGATIONS | {"to"}
_WORD = re.compile(r"\w+")
# What is left of a question for everything when the speaker's name is taken away.
_NO_MATTER = frozenset(
    """what all everything things else tell us me please did does do has have had was were is by the
    say says said saying state stated states comment commented comments remark remarked remarks
    statement statements words quoted as mr mrs ms dr""".split()
)


def names_no_matter(question: str, speaker: str) -> bool:
    """Whether a question asks for whatever a speaker says."""
    asked = {word.lower() for word in _WORD.findall(question)}
    named = {word.lower() for word in _WORD.findall(speaker)} - _NO_NAME
    return bool(named) and asked <= named | _NO_MATTER


def statements(speaker: str, hits: Sequence[Hit], text: Callable[[Passage], str]) -> list[Evidence]:
    """What a speaker says in passages, in their order; `text` gives a passage's whole document.

    What has fewer than WHOLE_WORDS is left out, and so are parts of other statements.
    """
    found: dict[tuple[str, Span], Evidence] = {}
    for hit in hits:
        for one in _told(speaker, hit.passage, text(hit.passage)):
            found.setdefault((hit.passage.source.id, one.answer), one)
    whole = [o for o in found.values() if len(o.passage.slice(o.answer).split()) >= WHOLE_WORDS]
    return [one for one in whole if not any(_is_part(one, other) for other in whole)]


def _is_part(one: Evidence, other: Evidence) -> bool:
    same = one.passage.source.id == other.passage.source.id
    return same and one.answer != other.answer and other.answer.contains(one.answer)


def _told(speaker: str, passage: Passage, text: str) -> Iterator[Evidence]:
    for sentence in passage.sentences:
        for found, answer in told_by(text, sentence):
            answer = spoken(text, answer)
            if found.asserted and sentence.contains(answer) and is_asked(speaker, found, text):
                yield Evidence(passage, sentence, answer, ATTRIBUTED)
