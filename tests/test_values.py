"""Numbers in words, digits, currencies and shares come to one value."""

from __future__ import annotations

import pytest

from rag.values import Value, value


@pytest.mark.parametrize(
    ("text", "numbers", "bound", "unit"),
    [
        ("Forty-one", (41,), "", ""),
        ("two dozen", (24,), "", ""),
        ("more than two dozen", (24,), "lower", ""),
        ("a dozen ships", (12,), "", ""),
        ("twenty-six firms", (26,), "", ""),
        ("five point six billion euros", (5.6e9,), "", "euro"),
        ("5.6 billion euros", (5.6e9,), "", "euro"),
        ("€640m", (6.4e8,), "", "euro"),
        ("640 million euros", (6.4e8,), "", "euro"),
        ("£1.5bn", (1.5e9,), "", "pound"),
        ("half a million", (5e5,), "", ""),
        ("$13,500", (13500,), "", "dollar"),
        ("71%", (71,), "", "percent"),
        ("71 per cent", (71,), "", "percent"),
        ("Seven in 10", (70,), "", "percent"),
        ("two thirds", (66.666667,), "", "percent"),
        ("half", (50,), "", "percent"),
        ("between 20 and 60", (20, 60), "", ""),
        ("fewer than 1,900", (1900,), "upper", ""),
        ("19 hours", (19,), "", "hour"),
    ],
)
def test_an_expression_gives_its_value(
    text: str, numbers: tuple[float, ...], bound: str, unit: str
) -> None:
    assert value(text) == Value(tuple(map(float, numbers)), bound, unit)


@pytest.mark.parametrize("text", ["Italy", "hundreds", "dozens of ships", "no one", "third", ""])
def test_no_number_or_a_vague_one_gives_none(text: str) -> None:
    assert value(text) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("€640m", "640 million euros", True),
        ("26", "twenty-six countries", True),
        ("26", "two dozen", False),
        ("two dozen", "more than two dozen", False),
        ("19 hours", "19 days", False),
    ],
)
def test_values_are_compared(one: str, other: str, same: bool) -> None:
    first, second = value(one), value(other)
    assert first is not None
    assert second is not None
    assert first.same_as(second) is same


def test_values_of_other_things_are_not_comparable() -> None:
    hours, days, plain = value("19 hours"), value("19 days"), value("19")
    assert hours is not None
    assert days is not None
    assert plain is not None
    assert not hours.comparable(days)
    assert not hours.comparable(plain)
    assert plain.comparable(plain)
