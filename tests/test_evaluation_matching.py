"""Normalisation and matching of short answers."""

from __future__ import annotations

import pytest

from rag.evaluation.matching import extra_words, pair, token_f1, words
from rag.evaluation.questions import GoldAnswer, GoldSpan

SPAN = GoldSpan("a.txt", 0, 1, "x")


def gold(text: str, *aliases: str) -> GoldAnswer:
    return GoldAnswer(text, aliases, (SPAN,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S.’s four-day plan", ("us", "four", "day", "plan")),
        ("“legitimate targets,”", ("legitimate", "targets")),
        ("1.1 billion, 1,600.", ("1.1", "billion", "1600")),
        ("2014–2022", ("2014", "2022")),
        ("  A  an THE ", ()),
        ("…", ()),
        ("Ｍéxico", ("méxico",)),
    ],
)
def test_words(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("claim", "accepted", "extra"),
    [
        ("the US", "U.S.", 0),
        ("Kremlin spokesperson Dmitry Peskov", "Peskov", 3),
        ("26 countries", "26", 1),
        ("one two three four Rome", "Rome", 4),
        ("one two three four five Rome", "Rome", None),  # five words more
        ("26", "26 countries", None),  # less than what is accepted
        ("1.1 billion", "11 billion", None),
        ("Romeo", "Rome", None),  # whole words only
        ("he will never, ever, under any law go there", "will never ever under any", 4),
        ("a b c d e f g h i j k l", "b c d e f g", 5),  # at least half of the claim
        ("b x c", "b c", None),  # not in a row
        ("the", "the", None),  # nothing is left to compare
    ],
)
def test_extra_words(claim: str, accepted: str, extra: int | None) -> None:
    assert extra_words(claim, accepted) == extra


def test_pair_takes_the_closest_first() -> None:
    answers = [gold("two dozen"), gold("more than two dozen"), gold("26")]
    assert pair(["more than two dozen", "26 countries"], answers) == {0: 1, 1: 2}
    assert pair(["more than two dozen", "two dozen"], answers) == {0: 1, 1: 0}


def test_pair_is_one_to_one() -> None:
    answers = [gold("United States", "US"), gold("Italy")]
    assert pair(["US", "United States", "Rome"], answers) == {0: 0}
    assert pair([], answers) == {}


def test_token_f1() -> None:
    assert token_f1("a gas deal with Beijing", "gas deal") == pytest.approx(2 * 2 / (4 + 2))
    assert token_f1("Rome", "Paris") == 0
    assert token_f1("the", "the") == 0
