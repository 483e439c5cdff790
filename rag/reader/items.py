"""From the words that the reader tags to the items of a list: split at commas, names made whole."""

from __future__ import annotations

import re

from rag.language import PLURAL_TITLE, is_stop_word
from rag.names import country_in
from rag.reader.decoding import ScoredSpan

# Not `&`: it stands inside the names of firms (`Harrow & Dale`) more often than between names.
_BREAK = re.compile(r"\s*(?:[,;]\s*(?:and\b|or\b)?|\band\b)\s*")
# Between things that are no names (`oil, resin and salt`); not inside `1,900`.
_THINGS_BREAK = re.compile(r",\s+(?:(?:and|or)\s+)?|;\s+|\s+(?:and|or|as well as)\s+")
# A thing is named in a few words, none of which is a verb's.
MAX_THING_WORDS = 6
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|would|could|might|must|should|did|does|do|which|who|"
    r"that|because|if|when|but|not|he|she|they|we|you|said|says|(?-i:may))\b|"
    r"(?<!\ba )(?<!\bthe )\b(?:can|will)\b",
    re.IGNORECASE,
)
# `The hall of the church and the school` is one.
_INNER = re.compile(
    r"\b(?:of|between|from|to|for|with|about|in|on|at|by)\s+(?:the|an?|his|her|its|their|all|every|"
    r"both)\s",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()\n]{1,80}\)")
_CAPITALS = re.compile(r"\b[A-Z]")
_JOINED = re.compile(r"\b(?:and|or|as well as)\b")
_DETERMINED = re.compile(r"(?:the|an?|his|her|its|their|my|our|all|any|every|some|both)\s", re.I)
# Capitalised words before and after a part of a name. The first must not be what opens a
# sentence, the last no word that is capitalised everywhere or opens another clause.
_BEFORE = re.compile(r"(?<=[\w,’] )(?:[A-Z][\w’'-]* )+$")
_AFTER = re.compile(r"(?: (?!(?:I|The|A|An|But|And|He|She|It|They)\b)[A-Z][\w’'-]*)+")
# What stands in marks of quotation, in one line and no longer than a title.
_TITLE = re.compile(r"[“\"«][^“”\"«»\n]{1,80}[”\"»]")
_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"['’]s?$")
# A longer run of tagged words is a statement, whose last word is no part of a name.
MAX_NAME_WORDS = 4


def items(text: str, run: ScoredSpan) -> list[ScoredSpan]:
    """The items of a tagged run: one for each name of `France, Spain and Italy`, each whole.

    A run of nothing but small words (`the`) names nothing.
    """
    if all(is_stop_word(word) for word in _WORD.findall(text[run.start : run.end])):
        return []
    return [_untitled(text, whole_name(text, part)) for part in _split(text, run)]


def _untitled(text: str, part: ScoredSpan) -> ScoredSpan:
    """A name without the title that it shares with the next."""
    title = PLURAL_TITLE.match(text, part.start, part.end)
    return ScoredSpan(title.end(), part.end, part.score) if title else part


def whole_name(text: str, part: ScoredSpan) -> ScoredSpan:
    """`Renewal` of `the National Renewal said` as `National Renewal`; other text as it is.

    A part that names a country stays: the words beside it are a title (`Italian Premier`).
    """
    start, end = part.start, part.end
    words = text[start:end].split()
    if not words or len(words) > MAX_NAME_WORDS or country_in(text[start:end]):
        return part
    if words[-1][0].isupper() and (after := _AFTER.match(text, end)):
        end = after.end()
        end -= len(text[start:end]) - len(_POSSESSIVE.sub("", text[start:end]))
    if words[0][0].isupper() and (before := _BEFORE.search(text, 0, start)):
        start = before.start()
    return ScoredSpan(start, end, part.score)


def _split(text: str, run: ScoredSpan) -> list[ScoredSpan]:
    parts, start = [], run.start
    titles = [found.span() for found in _TITLE.finditer(text)]
    for match in _BREAK.finditer(text, run.start, run.end):
        if any(first < match.start() and match.end() < last for first, last in titles):
            continue  # “The Lamp and the Clock” is one book
        parts.append((start, match.start()))
        start = match.end()
    parts.append((start, run.end))
    if not all(a < b and _is_name(text[a:b]) for a, b in parts):
        parts = _things(text, run)
    return [ScoredSpan(a, b, run.score) for a, b in parts]


def _things(text: str, run: ScoredSpan) -> list[tuple[int, int]]:
    """Where the things of a run stand that lists some (`the mayor, the clerk and his brother`).

    The whole run where it may be one thing (`food and drink`), a clause or somebody with what they
    are (`Ida Roe, the mayor`).
    """
    whole = [(run.start, run.end)]
    held = [found.span() for one in (_TITLE, _BRACKETS) for found in one.finditer(text)]
    breaks = [
        found
        for found in _THINGS_BREAK.finditer(text, run.start, run.end)
        if not any(first < found.start() and found.end() < last for first, last in held)
    ]
    starts = [run.start, *(one.end() for one in breaks)]
    ends = [*(one.start() for one in breaks), run.end]
    parts = list(zip(starts, ends, strict=True))
    said = [text[a:b] for a, b in parts]
    if any(not one or len(one.split()) > MAX_THING_WORDS or _CLAUSE.search(one) for one in said):
        return whole
    if all(_JOINED.search(one.group()) for one in breaks):
        determined = sum(_DETERMINED.match(one) is not None for one in said)
        many = len(parts) > 1 and determined > len(parts) / 2
        return parts if many and not _INNER.search(said[0]) else whole
    apart = [not _JOINED.search(one.group()) for one in breaks]
    pairs = zip(said, said[1:], apart, strict=False)
    if len(parts) < 3 or any(comma and _is_apposition(one, other) for one, other, comma in pairs):
        return whole
    return parts


def _is_apposition(one: str, other: str) -> bool:
    """Whether a comma stands between somebody and what they are: `Ida Roe, chair`."""
    if _DETERMINED.match(one):
        return _is_name(other)
    named = len(_CAPITALS.findall(one)) > 1
    return named and not _is_name(other) and not other[:1].isdigit()


def _is_name(text: str) -> bool:
    return text.removeprefix("the ").lstrip('“"«')[:1].isupper()
