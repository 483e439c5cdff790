"""Short windows of whole sentences: three times as many examples an hour as whole articles."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.language import STOP_WORDS
from rag.splitting import split_sentences
from rag.training.example import Range
from rag.types import Document, Source

# Characters of most windows (about 60 to 140 tokens with the question), and of the longer ones,
# which keep the reader used to passages of 150 words.
USUAL_CHARS = (250, 600)
LONG_CHARS = (600, 1000)
LONG_SHARE = 0.15

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its sentences as ranges of code points."""

    text: str
    sentences: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The sentences `[first, last]` of a text, as a text of their own that starts at `start`."""

    text: str
    start: int
    first: int
    last: int
    sentences: tuple[Range, ...]

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def holds(self, span: Range) -> bool:
        """Whether a range of the whole text lies inside the window."""
        return self.start <= span[0] and span[1] <= self.end

    def local(self, span: Range) -> Range:
        """A range of the whole text as a range of the window's text."""
        return span[0] - self.start, span[1] - self.start


@lru_cache(maxsize=20_000)
def sentences_of(text: str) -> Text:
    """The text with the sentences that the product's own splitter finds in it."""
    spans = split_sentences(Document(Source(id="training"), text))
    return Text(text, tuple((span.start, span.end) for span in spans))


def cut(text: Text, first: int, last: int) -> Window:
    """The window of sentences `first` to `last`, both included."""
    start, end = text.sentences[first][0], text.sentences[last][1]
    local = tuple((s - start, e - start) for s, e in text.sentences[first : last + 1])
    return Window(text.text[start:end], start, first, last, local)


def touching(text: Text, span: Range) -> tuple[int, int]:
    """First and last sentence that overlap a range; raises ValueError where none does."""
    found = [i for i, (s, e) in enumerate(text.sentences) if s < span[1] and span[0] < e]
    if not found:
        raise ValueError(f"no sentence overlaps {span}")
    return found[0], found[-1]


def draw_size(rng: random.Random) -> int:
    """Characters of a window: mostly short, sometimes long."""
    return rng.randint(*(LONG_CHARS if rng.random() < LONG_SHARE else USUAL_CHARS))


def window_around(text: Text, first: int, last: int, chars: int, rng: random.Random) -> Window:
    """Sentences `first` to `last` with neighbours drawn on both sides, up to about `chars`."""
    while True:
        size = text.sentences[last][1] - text.sentences[first][0]
        sides = []
        if first > 0 and text.sentences[last][1] - text.sentences[first - 1][0] <= chars:
            sides.append("left")
        if (
            last + 1 < len(text.sentences)
            and text.sentences[last + 1][1] - text.sentences[first][0] <= chars
        ):
            sides.append("right")
        if not sides or size >= chars:
            return cut(text, first, last)
        if rng.choice(sides) == "left":
            first -= 1
        else:
            last += 1


def tile(text: Text, chars: int) -> list[Window]:
    """Consecutive windows of at most about `chars` that cover every sentence once."""
    windows, first = [], 0
    for number, (_, end) in enumerate(text.sentences):
        if number > first and end - text.sentences[first][0] > chars:
            windows.append(cut(text, first, number - 1))
            first = number
    if text.sentences:
        windows.append(cut(text, first, len(text.sentences) - 1))
    return windows


def without(window: Window, drop: Sequence[int]) -> Text:
    """The window's text with some of its sentences (numbers within the window) taken out."""
    pieces, ranges, length = [], [], 0
    for number, (start, end) in enumerate(window.sentences):
        if number in drop:
            continue
        piece = window.text[start:end]
        ranges.append((length, length + len(piece)))
        pieces.append(piece)
        length += len(piece) + 1
    return Text(" ".join(pieces), tuple(ranges))


@lru_cache(maxsize=100_000)
def content_words(text: str) -> frozenset[str]:
    """The lower-cased words of a text that carry content."""
    return frozenset(w for w in _WORD.findall(text.lower()) if w not in STOP_WORDS)


def overlap(question: str, text: str) -> float:
    """The share of the question's content words that the text has."""
    words = content_words(question)
    return len(words & content_words(text)) / len(words) if words else 0.0
