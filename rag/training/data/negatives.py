"""Unanswerable examples made from answerable ones."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from rag.training.example import ANSWERABLE, EVIDENCE, SPAN, TAG, Example
from rag.training.windows import Text, Window, overlap, without

NEGATIVE_TASKS = (SPAN, TAG, EVIDENCE, ANSWERABLE)

# Two capitalised words or more, or one that is not the question's first: most likely a name.
_NAME = re.compile(r"(?<!^)\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")


def unanswerable(question: str, text: Text, source: str, title: str = "") -> Example:
    """An example whose text holds no answer to the question."""
    return Example(
        question=question,
        context=text.text,
        spans=(),
        sentences=text.sentences,
        evidence=(False,) * len(text.sentences),
        answerable=False,
        source=source,
        tasks=NEGATIVE_TASKS,
        title=title,
    )


def answer_removed(example: Example) -> Example | None:
    """The example without its evidence sentences; None where nothing would be left."""
    window = Window(example.context, 0, 0, len(example.sentences) - 1, example.sentences)
    rest = without(window, [i for i, flag in enumerate(example.evidence) if flag])
    if not rest.sentences:
        return None
    return unanswerable(example.question, rest, example.source, example.title)


def hardest(question: str, candidates: Sequence[Window], count: int) -> list[Window]:
    """The candidates that share the most words with the question."""
    return sorted(candidates, key=lambda w: (-overlap(question, w.text), w.text))[:count]


def names_in(text: str) -> list[str]:
    """Runs of capitalised words that are not at the very start."""
    return _NAME.findall(text)


def entity_swapped(example: Example, names: Sequence[str], rng: random.Random) -> Example | None:
    """The question asks about another name, which the context does not have.

    None where the question has no name, or no other name can be drawn.
    """
    found = names_in(example.question)
    others = [n for n in names if n not in example.context and n not in example.question]
    if not found or not others:
        return None
    question = example.question.replace(rng.choice(found), rng.choice(others), 1)
    text = Text(example.context, example.sentences)
    return unanswerable(question, text, example.source, example.title)
