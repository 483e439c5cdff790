"""Yes, no or unclear: the reader's reading and the sentence's words are weighed together."""

from __future__ import annotations

import pytest

from rag.types import Evidence, Passage, Source, Span
from rag.verdict import verdict, wording


@pytest.mark.parametrize(
    ("question", "sentence", "said"),
    [
        ("Did the club sign the player?", "The club signed the player on Monday.", "yes"),
        ("Did the club sign the player?", "The club did not sign the player.", "no"),
        ("Did the club sign the player?", "The club turned the player down.", "no"),
        ("Did the club refuse the player?", "The club declined to sign the player.", "yes"),
        ("Did the club refuse the player?", "The club signed the player.", "no"),
        ("Will the club sign the player?", "The club has not decided on the player.", "unclear"),
        ("Will the club sign the player?", "It will sign only if the price falls.", "unclear"),
    ],
)
def test_the_words_alone(question: str, sentence: str, said: str) -> None:
    assert wording(question, sentence) == said


def evidence(text: str, verdict: tuple[float, float, float] | None, probability: float) -> Evidence:
    span = Span(0, len(text))
    passage = Passage(Source("a.txt"), 0, len(text), text, (span,))
    return Evidence(passage, span, span, probability, verdict)


def test_a_sure_reader_wins_over_the_words_and_an_unsure_one_does_not() -> None:
    question, text = "Did the club sign the player?", "The club did not sign the player."
    assert verdict(question, [evidence(text, (0.95, 0.03, 0.02), 0.9)]) == "yes"
    assert verdict(question, [evidence(text, (0.4, 0.35, 0.25), 0.9)]) == "no"


def test_the_more_probable_evidence_counts_more() -> None:
    question = "Did the club sign the player?"
    yes = evidence("The club signed the player.", (0.6, 0.3, 0.1), 0.9)
    no = evidence("The club did not sign the player.", (0.3, 0.6, 0.1), 0.3)
    assert verdict(question, [yes, no]) == "yes"
    assert verdict(question, [no]) == "no"


def test_no_verdict_where_the_reader_gives_none() -> None:
    assert verdict("Did it open?", [evidence("It opened.", None, 0.9)]) == ""
    assert verdict("Did it open?", []) == ""
