"""Yes-no questions made from questions with an answer: "Who found it?" gives "Was it Ann who …?"

The same question about another answer of the same kind is a no, and about a text without the
answer it cannot be told. Wrong answers come from the questions around it, so they are mostly
about the same text and the words alone do not give them away.
"""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rag.names import country_in
from rag.training.data.negatives import answer_removed
from rag.training.example import ANSWERABLE, EVIDENCE, YESNO, Example
from rag.values import value

# An answer and the question that it answers.
Known = tuple[str, str]

TASKS = (EVIDENCE, ANSWERABLE, YESNO)
# Answers of one kind that are remembered as wrong ones for later questions.
REMEMBERED = 30
MAX_ANSWER_WORDS = 8
UNCLEAR_SHARE = 0.25

_BE = "(?P<aux>is|are|was|were)"
_AUX = (
    "(?P<aux>is|are|was|were|did|does|do|has|have|had|will|would|can|could|should|must|might|may)"
)
_COUNTED = r"(?P<thing>[\w-]+(?: [\w-]+){0,2}?)"
# Kind of answer, the question without its mark, and the yes-no question about the answer {a}.
_FORMS = tuple(
    (kind, re.compile(form, re.I), made)
    for kind, form, made in (
        ("who", rf"(?:who|what|which) {_BE} (?P<rest>.+)", "{aux} {a} {rest}"),
        ("who", r"who (?!did|does|do\b)(?P<rest>.+)", "was it {a} who {rest}"),
        ("when", rf"(?:when|in what year|what year) {_AUX} (?P<rest>.+)", "{aux} {rest} {at}"),
        ("where", rf"where {_AUX} (?P<rest>.+)", "{aux} {rest} {at}"),
        (
            "many",
            rf"how many {_COUNTED} (?P<aux>are|were) (?P<rest>.+)",
            "{aux} {a} {thing} {rest}",
        ),
        ("many", rf"how many {_COUNTED} {_AUX} (?P<rest>.+)", "{aux} {rest} {a} {thing}"),
        (
            "many",
            rf"how (?:much|long|far|old|big|large|tall) {_BE} (?P<rest>.+)",
            "{aux} {rest} {a}",
        ),
        ("what", rf"(?:what|which) {_AUX} (?P<rest>.+)", "was it {a} that {rest}"),
        ("why", rf"why {_AUX} (?P<rest>.+)", "{aux} {rest} {because}"),
    )
)  # fmt: skip
_PREPOSITION = re.compile(
    r"(in|on|at|by|from|since|after|before|during|until|near|under|over|for|around|about|next|last"
    r"|today|yesterday|tomorrow|tonight|outside|inside|between|within|across|to|with|when|as|this"
    r"|every|early|late|not|once)\b",
    re.I,
)
# `three years ago` stands alone.
_ADVERB = re.compile(r"\b(?:ago|later|earlier|afterwards|overseas|abroad)$", re.I)
_REASON = re.compile(r"(because|to|due|since|as|so|for|in order|after|owing|out of)\b", re.I)
_DAY = re.compile(
    r"(mon|tues|wednes|thurs|fri|satur|sun)day|\d{1,2}(st|nd|rd|th)?\b|\w+ \d{1,2}\b", re.I
)


def kind_of(question: str) -> str | None:
    """Which of the known forms a question has: the answers of one kind can stand for each other."""
    for kind, form, _ in _FORMS:
        if form.fullmatch(_plain(question)):
            return kind
    return None


def asked(question: str, answer: str) -> str | None:
    """The yes-no question whether `answer` answers the question; None for an unknown form."""
    for _, form, made in _FORMS:
        if match := form.fullmatch(_plain(question)):
            prefix = "on " if _DAY.match(answer) else "in "
            if _PREPOSITION.match(answer) or _ADVERB.search(answer):
                prefix = ""
            reason = "" if _REASON.match(answer) else "because of "
            text = made.format(
                **match.groupdict(), a=answer, at=prefix + answer, because=reason + answer
            )
            return text[0].upper() + text[1:] + "?"
    return None


def _plain(question: str) -> str:
    return " ".join(question.rstrip(" ?.").split())


def build(examples: Iterable[Example], seed: int) -> Iterator[Example]:
    """A yes, a no or a cannot be told of each example that has one short answer.

    Neighbours in `examples` should be about one text, because wrong answers come from there.
    """
    rng = random.Random(seed)
    known: dict[str, deque[Known]] = {}
    for example in examples:
        kind = kind_of(example.question)
        if kind is None or len(example.spans) != 1 or YESNO in example.tasks:
            continue
        start, end = example.spans[0]
        answer = example.context[start:end].rstrip(".,;:")
        others = known.setdefault(kind, deque(maxlen=REMEMBERED))
        if answer and len(answer.split()) <= MAX_ANSWER_WORDS:
            made = _made(example, answer, list(others), rng)
            if made is not None:
                yield made
            if (answer, example.question) not in others:
                others.append((answer, example.question))


def _made(
    example: Example, answer: str, others: Sequence[Known], rng: random.Random
) -> Example | None:
    # What answers the same question elsewhere is right as well: other words, or another source.
    right = {answer, *(o for o, question in others if question == example.question)}
    wrong = [o for o, _ in others if not any(_alike(o, one) for one in right)]
    # A wrong answer that the text itself has is the hardest.
    here = [o for o in wrong if _has(example.context, o)] or wrong[-5:]
    label = rng.choice(("yes", "no"))
    if label == "no" and not here:
        return None
    question = asked(example.question, answer if label == "yes" else rng.choice(here))
    if question is None:
        return None
    made = replace(example, question=question, source="yesno", tasks=TASKS, yesno=label)
    if rng.random() >= UNCLEAR_SHARE:
        return replace(made, spans=())
    removed = answer_removed(made)
    return removed and replace(removed, tasks=TASKS, yesno="unclear")


def _has(text: str, words: str) -> bool:
    """Whether a text has the words as such: `1931` does not hold `19`."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def _alike(one: str, other: str) -> bool:
    """Whether two answers share a word, a country or a number, so that both may be right."""
    words = set(re.findall(r"\w+", one.lower())) & set(re.findall(r"\w+", other.lower()))
    if words - {"the", "a", "an", "of", "in", "on", "and", "to", "at", "for", "by"}:
        return True
    if country_in(one) and country_in(one) == country_in(other):
        return True
    number, counted = value(one), value(other)
    return number is not None and counted is not None and number.same_as(counted)
