"""The statements in a sentence, each with who makes it: what is quoted, and what is reported.

`rag.discourse.attribution` says whose given words are; here the words themselves are sought, and
what is no statement (`Lee wrote a book`) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.discourse.attribution import Attribution, attribution
from rag.discourse.quotations import Neighbourhood, neighbourhood
from rag.discourse.sayings import Saying, sayings
from rag.discourse.speech_words import AUXILIARIES, PASSIVES, PLAINLY
from rag.discourse.transcripts import turn_at
from rag.types import Span

# Where another speaker's words follow (`…, and Kim said …`), or those of the outlet.
_JOINED = re.compile(r",?\s+(?:and|but|while|whereas|though|although)\s+$")
_RELATIVE = re.compile(r",\s*(?:who|which)\b")
_NO_WORDS = re.compile(r"(?:nothing|little|no|not)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def told_by(text: str, sentence: Span) -> Iterator[tuple[Attribution, Span]]:
    """The statements in a sentence with their speakers; a turn's sentence is one as a whole."""
    turn = turn_at(text, Span(sentence.end - 1, sentence.end))
    if turn:
        spoken = Span(max(turn.said.start, sentence.start), sentence.end)
        found = attribution(text, spoken)
        if found:
            yield found, spoken
        return
    near = neighbourhood(text, sentence)
    for number in near.sentences_at(sentence):
        told = [s for s in sayings(near, number) if s.reported != s.phrase and not s.is_noun]
        for saying in told:
            at = _own_words(near, saying, told)
            found = attribution(text, at) if _is_statement(near, saying, at) else None
            # `The boxes, Lee said, were wet` is one statement, with its speaker inside.
            around = saying.reported.start < saying.verb.start < saying.reported.end
            if found:
                yield found, near.sentences[number] if around else at
        if not told and _is_quoted(near, near.sentences[number]):
            found = attribution(text, near.sentences[number])
            if found:
                yield found, near.sentences[number]


def _own_words(near: Neighbourhood, saying: Saying, told: Sequence[Saying]) -> Span:
    """What a saying reports, up to its verb, to another speaker, or to a relative clause's end."""
    start, end = saying.reported.start, saying.reported.end
    if start < saying.verb.start < end:
        return Span(start, saying.verb.start)
    for other in told:
        if other.speaker != saying.speaker and start < other.phrase.start < end:
            joined = _JOINED.search(near.text, start, other.phrase.start)
            end = joined.start() if joined and joined.start() > start else end
    if _RELATIVE.search(near.text, saying.phrase.end, max(saying.verb.start, saying.phrase.end)):
        comma = near.text.find(",", start, end)
        end = comma if comma > start else end
    return Span(start, end)


def _is_statement(near: Neighbourhood, saying: Saying, at: Span) -> bool:
    """Whether words are quoted or make a clause: not `a book` of `Lee wrote a book`."""
    if at.start < saying.verb.start or near.quotation_at(at) is not None:
        return True
    words = {word.lower() for word in _WORD.findall(near.text, at.start, at.end)}
    led = near.text[saying.verb.end : at.start].lower().split()
    if "that" in led or ":" in led or words & (AUXILIARIES | PASSIVES):
        return _NO_WORDS.match(near.text, at.start) is None or "that" in led
    plainly = near.text[saying.verb.start : saying.verb.end].lower() in PLAINLY
    return plainly and _NO_WORDS.match(near.text, at.start) is None


def _is_quoted(near: Neighbourhood, sentence: Span) -> bool:
    """Whether most of a sentence is in a quotation."""
    return any(
        2 * (min(q.end, sentence.end) - max(q.start, sentence.start))
        > sentence.end - sentence.start
        for q in near.quotations
    )
