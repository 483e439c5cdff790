"""Who speaks in an interview, a hearing or minutes: the label at the start of a turn (`ANN LEE:`).

A line that starts with a name and a colon is a label where the document has several of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from rag.types import Span

# Two who speak twice each are the least that a conversation needs.
_LEAST_SPEAKERS, _LEAST_TURNS = 2, 2
_WORD = r"[A-ZÀ-Þ](?:[^\W_]|[.’'-])*"
_SMALL = r"(?:(?:de|van|von|der|da|di|la|le|of|the) )*"
_LABEL = re.compile(
    rf"^[ \t]*(?P<mark>\*\*|__|\*|_)?(?P<name>{_WORD}(?: {_SMALL}{_WORD}){{0,4}})"
    r"(?: \([^()\n]{1,40}\))?(?:(?P=mark):?|:(?P=mark)?)?"
    r"(?<=[:*_])[ \t]+(?=\S)",
    re.MULTILINE,
)
# Labels that name nobody.
_NOBODY = frozenset(
    """q a question answer questions answers note notes correction update updated editor date time
    place present absent apologies source sources photo caption address tel telephone email web
    website price ingredients method contents summary abstract keywords introduction conclusion
    warning caution tip example step total subject re to from cc author title publisher published
    location agenda decision resolved action item vote""".split()
)
# Texts whose labels are kept in memory.
KEPT = 8


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says until the next one speaks; `label` is where the speaker is named."""

    speaker: str
    label: Span
    said: Span


def turn_at(text: str, at: Span) -> Turn | None:
    """The turn that holds a range, or None where the text is no conversation, or nobody speaks."""
    turns = _turns(text)
    place = bisect_right(turns, at.start, key=lambda turn: turn.said.start) - 1
    return turns[place] if place >= 0 and turns[place].said.contains(at) else None


@lru_cache(maxsize=KEPT)
def _turns(text: str) -> tuple[Turn, ...]:
    labels = [
        found
        for found in _LABEL.finditer(text)
        if ":" in found.group() and found["name"].lower() not in _NOBODY
    ]
    turns = Counter(found["name"] for found in labels)
    if sum(count >= _LEAST_TURNS for count in turns.values()) < _LEAST_SPEAKERS:
        return ()
    ends = [found.start() for found in labels[1:]] + [len(text)]
    return tuple(
        Turn(_as_name(found["name"]), Span(*found.span("name")), Span(found.end(), end))
        for found, end in zip(labels, ends, strict=True)
        if found.end() < end
    )


def _as_name(label: str) -> str:
    """`ANN LEE` as it is written elsewhere: `Ann Lee`."""
    return label.title() if label.isupper() and " " in label else label
