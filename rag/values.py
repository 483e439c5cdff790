"""What a number in an answer amounts to: `€640m`, `640 million euros` and `two dozen` as values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from text_to_num import alpha2digit

from rag.language import bounds

_SCALES = {
    "k": 1e3, "thousand": 1e3, "thousands": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "million": 1e6,
    "millions": 1e6, "b": 1e9, "bn": 1e9, "bln": 1e9, "billion": 1e9, "billions": 1e9,
    "tn": 1e12, "trn": 1e12, "trillion": 1e12, "trillions": 1e12, "dozen": 12.0, "dozens": 12.0,
}  # fmt: skip
# Signs and words of measures, by the measure; what else is counted (`protesters`, `demonstrators`)
# has too many names to tell two counts apart by it.
_UNITS = {
    "%": "percent", "cent": "percent", "percent": "percent", "percentage": "percent",
    "pc": "percent", "€": "euro", "£": "pound", "$": "dollar", "¥": "yen", "usd": "dollar",
    "eur": "euro", "gbp": "pound", "foot": "feet", "kilometre": "km", "kilometer": "km",
    "meter": "metre", "kilo": "kg", "kilogram": "kg", "tonne": "ton", "metric": "ton",
} | {
    unit: unit
    for unit in (
        "euro pound dollar yen yuan rupee shilling franc peso rouble ruble krona kronor "
        "kroner krone rand real zloty lira won pence second minute hour day night week month "
        "year decade century km metre mile feet inch hectare acre litre gallon barrel kg gram "
        "ton degree page megawatt gigawatt kilowatt gigabyte kw mw gw kwh mwh ml cl "
        "mg mm cm volt watt calorie kelvin byte"
    ).split()
}  # fmt: skip
# Apart from their number they are units: metres, kelvins, bytes.
_LONE_LETTERS = {"m": "metre", "k": "kelvin", "b": "byte"}
_FRACTIONS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
# From here on a number after a number is a scale that was spelled out: `5.6 1000000000`.
_SMALLEST_SCALE = 100.0

_NUMBER = re.compile(
    r"(?P<sign>[€£$¥])?\s?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s?(?P<scale>" + "|".join(sorted(_SCALES, key=len, reverse=True)) + r")\b)?"
    r"\s*(?P<percent>%|per cent\b|percent\b|pc\b)?",
    re.IGNORECASE,
)
_IN_TEN = re.compile(r"\b(\d+) (?:in|out of)(?: every)? (\d+)\b")
_COUNTS = {"two": 2, "three": 3, "four": 4}
# What `half a` and `a quarter of a` stand before: a number, and no share of something.
_COUNTABLE = "|".join([*(word for word in (*_SCALES, *_UNITS) if len(word) > 2)])
# `third` alone is an ordinal; only `half` is a share by itself, and `two and a half` is none.
_FRACTION = re.compile(
    rf"(?<!and )\b(?:(an?|one|{'|'.join(_COUNTS)})[\s-](?:{'|'.join(_FRACTIONS)})s?|"
    rf"(?<!and a )half)\b(?! (?:of )?an? (?:{_COUNTABLE})\b)"
)
_PART_OF_A = re.compile(
    rf"\b(?:(?:an? |1 )?(?P<half>half)|(?:an? |1 )?quarter) (?:of )?an? (?=(?:{_COUNTABLE})\b|\d)"
)
_AND_A_HALF = re.compile(r"\b(\d+) and a half\b")
_VAGUE = re.compile(
    r"\b(?:no one|none|(?<!\w )(?:dozens|hundreds|thousands|millions|billions))\b", re.I
)
_ONE_DOZEN = re.compile(r"\b(?:an? )?dozen\b")
_ORDINAL = re.compile(r"\b\d+(?:st|nd|rd|th)s?\b")
# A text without any of these has no number: most answers are none, and reading words is slow.
_NUMERAL = re.compile(
    r"\d|zero|nought|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|teen|twent|"
    r"thirt|fort|fift|hundred|thousand|million|billion|trillion|dozen|half|third|quarter|fifth",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s*-?([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Value:
    """The numbers of an expression, whether it bounds them, and what they count (or empty).

    `bound` is `lower` ("more than"), `upper` ("up to") or empty.
    """

    numbers: tuple[float, ...]
    bound: str
    unit: str

    def same_as(self, other: Value) -> bool:
        """Whether two expressions give one value; an unknown unit fits any."""
        units = self.unit == other.unit or not self.unit or not other.unit
        return units and self.numbers == other.numbers and self.bound == other.bound

    def comparable(self, other: Value) -> bool:
        """Whether two values can differ about one thing: both in one measure, or in none."""
        return self.unit == other.unit


def value(text: str, after: str = "") -> Value | None:
    """The value that a short text gives; None where it has no number, or only a vague one.

    `after` is what follows the text: it says what is counted where the text itself does not.
    """
    if not _NUMERAL.search(text) or _VAGUE.search(text):
        return None
    text = text.replace("-and-a-half", " and a half")
    share = _FRACTION.search(text.lower())
    if share is not None:
        part = next(v for k, v in _FRACTIONS.items() if k in share[0]) * _COUNTS.get(share[1], 1)
        return Value((round(100 * part, 6),), _bound(text), "percent")
    plain = _in_digits(text)
    ratio = _IN_TEN.search(plain)
    if ratio and int(ratio[2]):
        return Value((round(100 * int(ratio[1]) / int(ratio[2]), 6),), _bound(text), "percent")
    numbers: list[float] = []
    unit, end = "", None
    for match in _NUMBER.finditer(plain):
        number = float(match["digits"].replace(",", ""))
        scale = (match["scale"] or "").lower()
        if _is_unit(plain, match):
            unit = unit or _LONE_LETTERS[scale]
        elif scale:
            number *= _SCALES[scale]
        if match["percent"]:
            unit = unit or "percent"
        if match["sign"]:
            unit = unit or _UNITS[match["sign"]]
        joined = end is not None and not plain[end : match.start()].strip()
        if joined and number >= _SMALLEST_SCALE and numbers:
            numbers[-1] *= number
        else:
            numbers.append(number)
        end = match.end()
    if not numbers:
        return None
    return Value(
        tuple(round(n, 6) for n in numbers),
        _bound(text),
        unit or _unit(plain[end:]) or _unit(after),
    )


def _is_unit(plain: str, number: re.Match[str]) -> bool:
    """Whether a letter behind a number is no scale: `0.75 m` is a length, `$2 m` is not."""
    letter = number["scale"]
    if not letter or letter.lower() not in _LONE_LETTERS or number["sign"]:
        return False
    return plain[number.start("scale") - 1].isspace()


def unit_of(word: str) -> str:
    """The unit that a word names (`kilometres`: `km`), or an empty string."""
    word = word.lower()
    return _UNITS.get(word, "") or _UNITS.get(word.removesuffix("s"), "")


def _in_digits(text: str) -> str:
    """With dozens, halves and quarters of a number as digits, too."""
    plain = _digits(text)
    plain = _PART_OF_A.sub(lambda found: "0.5 " if found["half"] else "0.25 ", plain)
    plain = _ONE_DOZEN.sub("12", re.sub(r"(\d) dozen", r"\1dozen", plain))
    return _AND_A_HALF.sub(r"\1.5", plain)


def _digits(text: str) -> str:
    """In small letters, with spelled-out numbers as digits and without ordinals."""
    return _ORDINAL.sub(" ", str(alpha2digit(text.lower(), "en", threshold=0)))


def _bound(text: str) -> str:
    return "".join(sorted(bounds(text)))


def _unit(after: str) -> str:
    match = _AFTER.match(after)
    return unit_of(match[1]) if match else ""
