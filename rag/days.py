"""What a date in an answer amounts to: `5 March`, `March 5th` and `2025-03-05` as one day."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAMES = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
    "august aug", "september sept sep", "october oct", "november nov", "december dec",
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)\b"
# Around a date: days of the week, and words that do not move it (`before 5 March` is another day).
_WEEKDAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_AROUND = rf"(?:(?:on|by|until|in|of|the|at|from|early|late|{_WEEKDAYS})\b[\s,]*)*"
_TIME = (
    r"(?:[\s,]*(?:at )?\d{1,2}(?:[:.]\d\d)? ?(?:[ap]\.?m\b\.?|o[’']clock)|[\s,]*(?:at )?\d\d:\d\d)?"
)
_FORMS = tuple(
    re.compile(rf"{_AROUND}{form}{_TIME}[\s.,]*", re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)",
        rf"{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?",
        rf"{_MONTH} {_DAY}(?:,? {_YEAR})?",
        rf"{_MONTH}(?:(?: of)? {_YEAR})",
        _YEAR,
    )
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, month or year; what is not told is 0."""

    year: int = 0
    month: int = 0
    day: int = 0

    def same_as(self, other: Day) -> bool:
        """Whether two dates are one, told as exactly; a year that is not told fits any."""
        return self.is_as_exact(other) and not self._conflicts(other)

    def differs(self, other: Day) -> bool:
        """Whether two dates cannot be one: told as exactly, and another in what both tell."""
        return self.is_as_exact(other) and self._conflicts(other)

    def is_as_exact(self, other: Day) -> bool:
        return (self.day > 0, self.month > 0) == (other.day > 0, other.month > 0)

    def _conflicts(self, other: Day) -> bool:
        years = self.year != other.year and self.year > 0 and other.year > 0
        return years or (self.month, self.day) != (other.month, other.day)


def day(text: str) -> Day | None:
    """The date that a short text is; None where it is more, or only a relative one (`Monday`)."""
    plain = " ".join(text.split())
    for form in _FORMS:
        if found := form.fullmatch(plain):
            parts = found.groupdict()
            named = _MONTHS[parts["month"].lower()] if parts.get("month") else 0
            given = Day(
                int(parts.get("year") or 0),
                int(parts.get("number") or named),
                int(parts.get("day") or 0),
            )
            return given if given.month <= 12 and given.day <= 31 else None
    return None
