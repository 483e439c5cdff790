"""Passages of made-up words for benchmarks.

Word frequencies follow Zipf and Mandelbrot; the hundred most frequent words stand for the stop
words. A question is made of words of one passage. Vocabularies of real texts have more structure:
this is for timing and for comparing with exact results, not for the quality of answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

VOCABULARY, STOP_WORDS = 500_000, 100
# Mandelbrot's constants for English.
SHIFT, EXPONENT = 2.7, 1.07
WORDS, SPREAD, FEWEST_WORDS = 100, 30, 20
QUESTION_WORDS = (4, 5, 6)
_CONSONANTS, _VOWELS = "bdfgklmnprtvz", "aeiou"


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages as numbers of words, one after the other; `ends` is where each ends."""

    words: NDArray[np.int32]
    ends: NDArray[np.int64]
    vocabulary: Sequence[str]

    def __len__(self) -> int:
        return len(self.ends)

    def words_of(self, passage: int) -> NDArray[np.int32]:
        start = self.ends[passage - 1] if passage else 0
        return self.words[start : self.ends[passage]]

    def text(self, passage: int) -> str:
        return " ".join([self.vocabulary[word] for word in self.words_of(passage).tolist()])


def make_passages(count: int, seed: int = 0) -> Passages:
    """Passages of about `WORDS` words each, the same ones in every run."""
    dice = np.random.default_rng(seed)
    lengths = np.maximum(dice.normal(WORDS, SPREAD, count).round(), FEWEST_WORDS).astype(np.int64)
    weights = 1 / (np.arange(VOCABULARY) + SHIFT) ** EXPONENT
    steps = np.cumsum(weights / weights.sum())
    drawn = np.searchsorted(steps, dice.random(int(lengths.sum()), dtype=np.float32))
    words = np.minimum(drawn, VOCABULARY - 1).astype(np.int32)
    return Passages(words, np.cumsum(lengths), [_word(number) for number in range(VOCABULARY)])


def _word(number: int) -> str:
    """Syllables that no stemmer changes."""
    syllables = ["k"]
    for _ in range(3):
        number, consonant = divmod(number, len(_CONSONANTS))
        number, vowel = divmod(number, len(_VOWELS))
        syllables.append(_CONSONANTS[consonant] + _VOWELS[vowel])
    return (
        "".join(reversed(syllables)) if not number else f"{''.join(reversed(syllables))}{number}k"
    )


def make_questions(passages: Passages, count: int, seed: int = 1) -> list[NDArray[np.int32]]:
    """Words of one passage each, no stop words."""
    dice = np.random.default_rng(seed)
    questions = []
    while len(questions) < count:
        words = passages.words_of(int(dice.integers(len(passages))))
        content = np.unique(words[words >= STOP_WORDS])
        if len(content) >= max(QUESTION_WORDS):
            questions.append(dice.choice(content, dice.choice(QUESTION_WORDS), replace=False))
    return questions
