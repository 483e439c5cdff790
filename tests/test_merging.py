"""Which answers say the same: names by what they name, numbers by their value."""

from __future__ import annotations

import pytest

from rag.merging import Said, group, same_name
from rag.names import country, country_in
from rag.types import Evidence, Passage, Source, Span
from rag.values import value


def said(text: str, after: str = "", *, asks_for_country: bool = False) -> Said:
    """What the answer `text` says in a sentence that goes on with `after`."""
    whole = text + after
    span = Span(0, len(whole))
    passage = Passage(Source("a"), 0, len(whole), whole, (span,))
    evidence = Evidence(passage, span, Span(0, len(text)), 0.5)
    return Said.of(evidence, country_in if asks_for_country else country)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # Names and titles.
        ("Ida Holm", "Mayor Ida Holm", True),
        ("Holm", "Ida Holm", True),
        ("Ida Holm", "Per Holm", False),
        ("the port", "a port", True),
        ("the port", "the airport", False),
        ("because of rain", "because of a strike by pilots and crews on Monday", False),
        ("Ida Holm", "Ida Holm will pay for the new bridge over the river", False),
        # Numbers in words and in digits.
        ("26", "26 countries", True),
        ("26", "twenty-six", True),
        ("Twenty-six ships", "26 ships", True),
        ("26", "27 countries", False),
        ("two", "two dozen", False),
        ("24", "two dozen", True),
        ("half a dozen", "six", True),
        ("half a dozen", "a dozen", False),
        ("2.5 million", "two and a half million", True),
        ("half", "50%", True),
        ("half", "half a million", False),
        ("half a million", "500,000", True),
        ("a quarter of a million", "250,000", True),
        ("a quarter of a million", "a quarter of the members", False),
        ("26", "Ida Holm", False),
        ("pier 26", "the pier", False),
        ("hundreds of ships", "300 ships", False),
        # Currencies.
        ("€640m", "640 million euros", True),
        ("€640m", "£640m", False),
        ("$1.5bn", "1.5 billion dollars", True),
        ("$1.5bn", "$1.5m", False),
        ("0.75 m", "0.75 metres", True),
        ("0.75 m", "0.75m", False),
        ("$2 m", "2 million dollars", True),
        ("3 kW", "3 kWh", False),
        # Bounds.
        ("two dozen", "more than two dozen", False),
        ("over 40 people", "at least 40 people", True),
        ("at least 40", "at most 40", False),
        ("up to 40", "fewer than 40", True),
        # Units, where both are known.
        ("19 hours", "19 days", False),
        ("19 hours", "nineteen hours", True),
        ("19", "19 hours", True),
        ("5 km", "5 kilometres", True),
        ("26 ships", "26 countries", False),
        ("5 May", "6 May", False),
        ("5 May", "5 May", True),
        ("5 May", "May 5th", True),
        ("2025-05-05", "Monday, 5 May", True),
        ("May 5, 2024", "May 5, 2025", False),
        ("May 2027", "May 2028", False),
        ("the vote of 5 May", "the talks of May 5", False),
        # Countries by any of their names.
        ("the United States", "America", True),
        ("Britain", "the UK", True),
        ("the Dutch", "Holland", True),
        ("Norway", "Sweden", False),
        ("Norway", "the Norwegian fleet", False),
        ("the Norwegian fleet", "the Swedish fleet", False),
    ],
)
def test_answers_that_say_the_same(one: str, other: str, same: bool) -> None:
    first, second = said(one), said(other)
    assert first.same_as(second) is same
    assert second.same_as(first) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("the Norwegian premier", "Oslo", True),
        ("Norway’s fleet", "Norwegian ships", True),
        ("the Norwegian premier", "the Swedish premier", False),
        ("Ida Holm", "Norway", False),
    ],
)
def test_who_stands_for_a_country_is_it_where_one_is_asked_for(
    one: str, other: str, same: bool
) -> None:
    first = said(one, asks_for_country=True)
    assert first.same_as(said(other, asks_for_country=True)) is same
    if "the " in one:
        assert not said(one).same_as(said(other))


def test_the_words_behind_a_number_say_what_it_counts() -> None:
    assert not said("19", " hours after the storm").same_as(said("19", " days after the storm"))
    assert said("19", " hours after the storm").same_as(said("19", " ships came"))
    assert said("26", " per cent of it").same_as(said("26%", " of it"))


def test_groups_keep_the_order_of_their_first() -> None:
    texts = ["Norway", "the Dutch", "Norway’s", "Ida Holm", "Holland", "Mayor Ida Holm", "Peru"]
    every = [said(text) for text in texts]
    groups = group(every)
    assert [[every.index(one) for one in same] for same in groups] == [[0, 2], [1, 4], [3, 5], [6]]
    assert group([]) == []


@pytest.mark.parametrize(
    ("text", "numbers", "unit"),
    [
        ("half a dozen ships", (6,), ""),
        ("half an hour", (0.5,), "hour"),
        ("half the union", (50,), "percent"),
        ("two-and-a-half hours", (2.5,), "hour"),
        ("one quarter of a million", (250_000,), ""),
        ("three quarters", (75,), "percent"),
    ],
)
def test_a_part_of_a_number_is_no_share(text: str, numbers: tuple[float, ...], unit: str) -> None:
    found = value(text)
    assert found is not None
    assert (found.numbers, found.unit) == (numbers, unit)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ann Lee", "Lee", True),
        ("Ann Lee", "ann lee", True),
        ("Ann Lee", "Bo Lee", False),
        ("Ann Lee", "Bo Kim", False),
        ("Ann Lee", "", False),
    ],
)
def test_a_name_is_the_same_as_a_part_of_it(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same
