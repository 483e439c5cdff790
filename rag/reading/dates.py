"""Reads dates strictly: a text that is not one full, unambiguous date gives an empty string."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[5-9]|2[01])\d\d)"
_TIME = (
    r"(?:t|,?\s*(?:at\s+|[-–—]\s*)?)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?"
    r"\s*(?:[ap]\.?m\.?)?\s*(?:z|[+-]\d\d:?\d\d|\(?[a-z]{2,5}\)?)?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_FORMS = tuple(
    re.compile(_WEEKDAY + form + rf"(?:{_TIME})?")
    for form in (
        rf"{_YEAR}-(?P<month_number>\d\d)-(?P<day>\d\d)",
        rf"{_YEAR}/(?P<month_number>\d\d)/(?P<day>\d\d)",
        rf"{_DAY}(?:\s+of)?[\s-]+{_MONTH},?[\s-]+{_YEAR}",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        # Dotted dates are written day first wherever they are in use.
        rf"(?P<day>\d{{1,2}})\.\s?(?P<month_number>\d{{1,2}})\.\s?{_YEAR}",
    )
)
# 03/04/2025 is March in one country and April in another; it counts only where one reading is left.
_SLASHED = re.compile(rf"(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/{_YEAR}(?:{_TIME})?")

_LABEL = re.compile(
    r"(?P<label>(?:first |last |originally )?"
    r"(?:published|posted|issued|released|publication date|date(?: published)?|dated|on"
    r"|updated?|modified|last update))"
    r"(?:\s+(?:on|at))?\s*:?\s+(?P<rest>.+)"
)
_REVISED = re.compile(r"updated?|modified|last ")
_ANY_YEAR = re.compile(r"[12]\d{3}")  # most lines have none, and are done with
_LONGEST_LINE = 120  # characters; a line that is mostly a date is far shorter


def iso_date(text: str) -> str:
    """Return `YYYY-MM-DD` where the whole text is one full date, else an empty string."""
    lowered = " ".join(text.lower().split())
    for form in _FORMS:
        if match := form.fullmatch(lowered):
            parts = match.groupdict()
            month = parts.get("month_number") or _MONTHS[parts["month"]]
            return _day(parts["year"], month, parts["day"])
    if match := _SLASHED.fullmatch(lowered):
        readings = {
            _day(match["year"], match["first"], match["second"]),
            _day(match["year"], match["second"], match["first"]),
        } - {""}
        if len(readings) == 1:
            return readings.pop()
    return ""


def labelled_date(text: str) -> tuple[str, str]:
    """Return the label and the ISO date of a text such as `Published On 5 Sep 2025`.

    The label is `published`, `updated`, or empty for a bare date; both are empty for other text.
    """
    if len(text) > _LONGEST_LINE or not _ANY_YEAR.search(text):
        return "", ""
    lowered = " ".join(text.lower().split())
    if bare := iso_date(lowered):
        return "", bare
    match = _LABEL.fullmatch(lowered)
    day = iso_date(match["rest"]) if match else ""
    if not match or not day:
        return "", ""
    return ("updated" if _REVISED.match(match["label"]) else "published"), day


def _day(year: str, month: str | int, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:  # the 31st of June, a month 13
        return ""
