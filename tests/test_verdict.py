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
        ("Are fires allowed?", "Fires are prohibited everywhere.", "no"),
        ("Are dogs welcome?", "Dogs are banned from the beach.", "no"),
        # The opposite turns the answer round, and with a negation back again.
        ("Is it open on Mondays?", "It is closed on Mondays.", "no"),
        ("Is it closed on Mondays?", "It is closed on Mondays.", "yes"),
        ("Is it open on Mondays?", "It is not closed on Mondays.", "yes"),
        ("Did prices rise?", "Prices fell by a tenth.", "no"),
        ("Did prices rise or fall?", "Prices fell by a tenth.", "yes"),
        ("Is it open on Sundays?", "It is open on Saturdays only.", "no"),
        ("Is it open on Saturdays?", "It is open on Saturdays only.", "yes"),
        ("Is it open on Sundays?", "It is open on Saturdays too.", "yes"),
        # What is open to the public leaves nothing open.
        ("Is it open on Sundays?", "It is open from ten on Sundays.", "yes"),
        ("Is it divided?", "It is divided into three rooms.", "yes"),
        ("May guests take one?", "Guests may take a towel.", "yes"),
        ("Will the club sign?", "The club is still open to signing him.", "unclear"),
        ("Will the club sign?", "The club is divided on it.", "unclear"),
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


def test_the_line_that_leads_to_an_item_counts() -> None:
    one = evidence("- smoking in the house", (0.5, 0.3, 0.2), 0.9)
    question = "Is smoking allowed in the house?"
    assert verdict(question, [one]) == "yes"
    assert verdict(question, [one], lambda _: "What is prohibited") == "no"


def test_the_more_probable_evidence_counts_more() -> None:
    question = "Did the club sign the player?"
    yes = evidence("The club signed the player.", (0.6, 0.3, 0.1), 0.9)
    no = evidence("The club did not sign the player.", (0.3, 0.6, 0.1), 0.3)
    assert verdict(question, [yes, no]) == "yes"
    assert verdict(question, [no]) == "no"


def test_no_verdict_where_the_reader_gives_none() -> None:
    assert verdict("Did it open?", [evidence("It opened.", None, 0.9)]) == ""
    assert verdict("Did it open?", []) == ""
