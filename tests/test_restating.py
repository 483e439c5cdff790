"""A question about a side in other words, and questions that have none."""

from __future__ import annotations

import pytest

from rag.question_words import side
from rag.restating import restated


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("Which towns declined to pay the levy?", "Which towns will not pay the levy?"),
        ("who won't play on Friday", "who refused to play on Friday?"),
        ("Which clubs will not come?", "Which clubs refused to come?"),
        ("Farms that chose not to sell", "Farms will not sell?"),
        ("which ports declined ships?", "which ports said no to ships?"),
        ("Which clubs are opposed to the levy?", "Which clubs said no to the levy?"),
        ("who has come out against the tower?", "who said no to the tower?"),
        ("who said no to the tower", "who are against the tower?"),
        ("Which banks have agreed to lend?", "Which banks will lend?"),
        ("Who was ready to pay?", "Who will pay?"),
        ("Who voted for the tower?", "Who said yes to the tower?"),
        ("Which towns have come out in favour of the tower?", "Which towns said yes to the tower?"),
    ],
)
def test_other_words_of_the_same_side(question: str, other: str) -> None:
    assert restated(question) == other
    assert side(other) in (side(question), "")


@pytest.mark.parametrize(
    "question",
    [
        "Which towns are undecided about the levy?",
        "Which towns flooded?",
        "who refused at first to pay?",
        "Which towns will give back the money?",
        "Why did Oslo refuse?",
        "",
        "?",
    ],
)
def test_what_has_no_other_words(question: str) -> None:
    assert restated(question) == ""
