from __future__ import annotations

import pytest

from rag.names import asks_for_country, country, country_in


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


def test_asks_for_country() -> None:
    assert asks_for_country("Which countries declined?")
    assert asks_for_country("which European nations agreed to join?")
    assert asks_for_country("What country is he from?")
    assert not asks_for_country("Which parties declined?")
    assert not asks_for_country("Who leads the country?")
