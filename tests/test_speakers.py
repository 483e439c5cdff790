"""What a named speaker said comes first, where it is probable enough to be an answer at all."""

from __future__ import annotations

import pytest

from rag.discourse.attribution import Attribution
from rag.results import Abstention, Answer
from rag.speakers import is_asked
from rag.types import Span
from tests.planted import THRESHOLD, Corpus, Plan, cited

TEXTS = {
    "lee": "“The debt is paid,” said Ann Lee. It rained.",
    "kim": "The head of the Lima bank, Bo Kim, was short. “The debt is old,” said Kim.",
}
KIM = ("kim", "“The debt is old,” said Kim.", "The debt is old")


def first(question: str, *plans: Plan) -> str:
    [claim] = Corpus(TEXTS).answer(question, *plans).claims
    return cited(claim)[0]


def lee(probability: float) -> Plan:
    return ("lee", "“The debt is paid,” said Ann Lee.", "The debt is paid", probability)


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("What did Bo Kim say about the debt?", "kim"),
        ("What did the Lima head say about the debt?", "kim"),
        ("what did kim say about the debt", "kim"),
        # The speaker of the most probable words, somebody else, and nobody by name.
        ("What did Ann Lee say about the debt?", "lee"),
        ("What did Cy Orr say about the debt?", "lee"),
        ("What is said about the debt?", "lee"),
        ("How old is the debt, according to Bo Kim?", "lee"),
    ],
)
def test_the_words_of_the_speaker_asked_for_come_first(question: str, document: str) -> None:
    assert first(question, lee(0.7), (*KIM, 0.6)) == document


@pytest.mark.parametrize(
    ("lees", "kims", "document"),
    [
        (0.97, 0.6, "lee"),  # far more probable whoever says it
        (0.55, THRESHOLD / 2 - 0.01, "lee"),  # no answer of itself
        (0.55, THRESHOLD / 2 + 0.15, "kim"),
    ],
)
def test_how_much_less_probable_they_may_be(lees: float, kims: float, document: str) -> None:
    assert first("What did Bo Kim say about the debt?", lee(lees), (*KIM, kims)) == document


def test_whether_there_is_an_answer_does_not_depend_on_the_speaker() -> None:
    corpus = Corpus(TEXTS)
    question = "What did Bo Kim say about the debt?"
    corpus.planted = [corpus.evidence((*KIM, THRESHOLD - 0.01))]
    assert isinstance(corpus.build(question), Abstention)
    corpus.planted = [corpus.evidence(lee(THRESHOLD))]
    answer = corpus.build(question)
    assert isinstance(answer, Answer)
    assert answer.confidence == THRESHOLD


def test_the_confidence_is_that_of_what_is_shown() -> None:
    corpus = Corpus(TEXTS)
    probability = THRESHOLD - 0.1  # no answer of itself, but beside a better one
    answer = corpus.answer("What did Bo Kim say about the debt?", lee(0.55), (*KIM, probability))
    assert (answer.confidence, answer.claims[0].confidence) == (probability, probability)
    answer = corpus.answer("What did Ann Lee say about the debt?", lee(0.55), (*KIM, probability))
    assert (answer.confidence, answer.claims[0].confidence) == (0.55, 0.55)


@pytest.mark.parametrize(
    ("whom", "asked"),
    [
        ("Ann Lee", True),
        ("lee", True),
        ("Ms Lee", True),
        ("the envoy", True),
        ("Bo Kim", False),
        ("Mary Lee", False),
        ("the mayor", False),
    ],
)
def test_who_is_the_speaker_asked_for(whom: str, asked: bool) -> None:
    text = "The envoy, Ann Lee, left."
    assert is_asked(whom, Attribution("Ann Lee", Span(11, 18)), text) is asked
