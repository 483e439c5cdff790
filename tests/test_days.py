"""Dates in their many forms are days; what is more or less than a date is none."""

from __future__ import annotations

import pytest

from rag.days import Day, day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 March", Day(0, 3, 5)),
        ("March 5", Day(0, 3, 5)),
        ("the 5th of March", Day(0, 3, 5)),
        ("on Wednesday, March 5th", Day(0, 3, 5)),
        ("March 5 at 10 a.m.", Day(0, 3, 5)),
        ("2025-03-05", Day(2025, 3, 5)),
        ("Mar. 5, 2025", Day(2025, 3, 5)),
        ("5 March 2025.", Day(2025, 3, 5)),
        ("May 7", Day(0, 5, 7)),
        ("September 2027", Day(2027, 9)),
        ("in 1998", Day(1998)),
    ],
)
def test_a_date_is_a_day(text: str, expected: Day) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    "text",
    ["Wednesday", "next month", "March", "may", "between 3 and 5 March", "March 3 to March 5",
     "before 5 March", "5 March after the vote", "5 marches", "40 March", "2025-13-05",
     "1,998", ""],
)  # fmt: skip
def test_what_is_no_one_date_is_none(text: str) -> None:
    assert day(text) is None


@pytest.mark.parametrize(
    ("one", "other", "same", "differ"),
    [
        ("5 March", "March 5, 2025", True, False),
        ("5 March", "6 March", False, True),
        ("5 March", "5 May", False, True),
        ("5 March 2024", "5 March 2025", False, True),
        ("September 2027", "March 2027", False, True),
        ("2026", "2027", False, True),
        # Told less exactly: neither the same nor another.
        ("September 2027", "5 September", False, False),
        ("2027", "5 March 2025", False, False),
    ],
)
def test_days_are_compared(one: str, other: str, same: bool, differ: bool) -> None:
    first, second = day(one), day(other)
    assert first is not None
    assert second is not None
    assert (first.same_as(second), second.same_as(first)) == (same, same)
    assert (first.differs(second), second.differs(first)) == (differ, differ)
