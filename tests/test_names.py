from __future__ import annotations

import pytest

from rag.names import asks_for_country, country, country_in, country_itself, is_only_a_place


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("United States", "United States"),
        ("the US", "United States"),
        ("U.S.", "United States"),
        ("the U.S.", "United States"),
        ("USA", "United States"),
        ("America", "United States"),
        ("Washington", "United States"),
        ("the White House", "United States"),
        ("Britain", "United Kingdom"),
        ("the UK", "United Kingdom"),
        ("Britain’s", "United Kingdom"),
        ("the Dutch", "Netherlands"),
        ("The Hague", "Netherlands"),
        ("Holland", "Netherlands"),
        ("Copenhagen", "Denmark"),
        ("Brasilia", "Brazil"),
        ("South Korea", "South Korea"),
        ("Indian", "India"),
        ("Germans", "Germany"),
        ("the Norwegians", "Norway"),
        ("French", "France"),
        ("Moscow", "Russia"),
        ("Côte d’Ivoire", "Ivory Coast"),
        ("Gambia", "Gambia"),
        ("us", ""),
        ("polish", ""),
        ("NO", ""),
        ("IT", ""),
        ("Meloni", ""),
        ("", ""),
    ],
)
def test_country(mention: str, expected: str) -> None:
    assert country(mention) == expected


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("Italian Prime Minister Giorgia Meloni", "Italy"),
        ("the South Korean foreign minister", "South Korea"),
        ("a spokesman for the Danish government", "Denmark"),
        ("its chief executive", ""),
        ("New Zealand’s parliament", "New Zealand"),
        ("New Mexico", ""),
        ("New Mexico farmers", ""),
        ("New Zealand and New Mexico", "New Zealand"),
        ("a port on the Gulf of Mexico", ""),
        ("the South China Sea", ""),
        ("the Panama Canal in Egypt", "Egypt"),
        ("the Bank of Mexico", "Mexico"),
        ("a Northern Ireland minister", "United Kingdom"),
    ],
)
def test_country_in(mention: str, expected: str) -> None:
    assert country_in(mention) == expected


@pytest.mark.parametrize("mention", ["Paris", "the White House", "Washington", "London"])
def test_a_seat_is_a_place(mention: str) -> None:
    assert country(mention)
    assert country_itself(mention) == ""


def test_a_country_is_itself_whatever_its_capital() -> None:
    for mention, name in (("the UK", "United Kingdom"), ("Singapore", "Singapore")):
        assert country_itself(mention) == name


def test_asks_for_country() -> None:
    assert asks_for_country("Which countries declined?")
    assert asks_for_country("which European nations agreed to join?")
    assert asks_for_country("What country is he from?")
    assert not asks_for_country("Which parties declined?")
    assert not asks_for_country("Who leads the country?")


@pytest.mark.parametrize(
    ("before", "mention", "after", "only_a_place"),
    [
        ("Under the ", "Paris", " summit’s proposal, a force", True),
        ("after last ", "Berlin", " talks", True),
        ("", "Paris", " will not take part", False),
        ("said that ", "Paris", " summons nobody", False),
        ("The ", "Berlin", " government agreed", False),
        ("the ", "Paris", "’s plan", False),
        ("the ", "Bogotá", " summit’s plan", True),
        ("the ", "Bogotá", " government’s plan", False),
        ("the ", "Bogotá’s", " plan", False),
        # Other words for a country are no places where something was.
        ("the ", "Dutch", " plan", False),
        ("the ", "Lyon", " summit", False),
    ],
)
def test_a_capital_that_says_where_something_was_is_nobody_who_acts(
    before: str, mention: str, after: str, only_a_place: bool
) -> None:
    assert is_only_a_place(before, mention, after) is only_a_place


def test_a_capital_within_a_mention_acts_or_says_where_something_was() -> None:
    assert country_in("the Paris summit") == ""
    assert country_in("Paris officials") == "France"
    assert country_in("Paris") == "France"
    assert country_in("the Bogotá summit") == ""
    assert country_in("London’s plan") == "United Kingdom"
