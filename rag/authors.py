"""Reads a document's author line into names; what is not clearly a person's stays as written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import chain

# Begin a family name, as in "Ursula von der Leyen".
_PARTICLES = frozenset(
    """af al ap av bin da dal das de degli dei del della dello den der des di do dos du el ibn la le
    les lo ten ter van vande vander vom von y zu zum zur""".split()
)
# Joined to the name that they belong to: al-Assad, d'Estaing.
_JOINED = re.compile(r"(?:[Aa]l|[Ee]l|[Aa]sh|[Dd]|[Ll])[-'’](?=[^\W\d_])")
_SUFFIXES = frozenset("Jr Jr. Sr Sr. II III IV".split())
# A byline with one of these is a group's: "Reuters staff", "Agencies", "The Editorial Board".
_COLLECTIVE = frozenset(
    """agencies contributors correspondent correspondents desk editorial editors newsroom
    reporters staff writers""".split()
)
# A name with one of these is an organisation's, though it looks like a person's: "Central Bank".
_ORGANISATION = _COLLECTIVE | frozenset(
    """administration agency alliance associated association authority bank bloomberg board
    broadcasting bureau center centre college commission committee company corporation council
    daily department federation foundation gazette government group herald inc institute
    international journal limited ltd magazine media ministry national network news newspaper
    office organisation organization press project radio research reuters school service
    services society team television the times tribune union united university watch world
    xinhua""".split()
)
_BY = re.compile(r"by:?\s+", re.IGNORECASE)
_AND = re.compile(r",?\s+(?:and|&)\s+")
# What may stand in a name beside letters; combining marks are left where no letter has them.
_IN_NAMES = re.compile(r"[.'’\u0300-\u036f-]")
# Names of more words than this are rare, and sentences are not.
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name; `family` keeps its particles, `suffix` is `Jr.`, `III` or empty."""

    family: str
    given: str
    suffix: str = ""


# A name that cannot be taken apart is a string.
Name = Person | str


def read_authors(line: str, publisher: str = "") -> tuple[Name, ...]:
    """The names of an author line, in order; `publisher` helps to tell a group from a person.

    Understands `Ann Lee and Bo Chen`, `Ann Lee, Bo Chen`, `van der Berg, Ann; Lee, Bo`. Given
    names come first unless a comma says otherwise. A line with a part that is neither a person's
    name nor a group's byline is kept whole.
    """
    whole = _BY.sub("", unicodedata.normalize("NFC", " ".join(line.split())), count=1)
    group = publisher.casefold()
    return tuple(
        chain.from_iterable(
            _several(part.strip(), group) for part in whole.split(";") if part.strip()
        )
    )


def _several(text: str, group: str) -> tuple[Name, ...]:
    """The names in a text without semicolons, or the text where a part of it is no name."""
    names: list[Name] = []
    for part in _AND.split(text):
        if name := _one(part, group):
            names.append(name)
            continue
        for piece in part.split(","):
            name = _one(piece.strip(), group)
            if name is None:
                return (text,)
            names.append(name)
    return tuple(names)


def _one(text: str, group: str) -> Name | None:
    words = {word.strip(".,()").casefold() for word in text.split()}
    if text and (text.casefold() == group or (words & _COLLECTIVE and "," not in text)):
        return text
    return None if words & _ORGANISATION else _person(text)


def _person(text: str) -> Person | None:
    """The person that a text names, with or without a comma after the family name."""
    parts = [part.split() for part in text.split(",")]
    if not all(parts) or sum(map(len, parts)) > _MOST_WORDS:
        return None
    suffix = ""
    if len(parts[0]) > 1 and parts[0][-1] in _SUFFIXES:
        suffix = parts[0].pop()
    elif len(parts) > 1 and len(parts[-1]) == 1 and parts[-1][0] in _SUFFIXES:
        suffix = parts.pop()[0]
    if len(parts) == 1:
        given, family = _divided(parts[0])
    elif len(parts) == 2:
        family, given = parts
        if len(_after_particles(family)) != 1:  # "Ann Lee, Bo Chen" are two people
            return None
    else:
        return None
    own = _after_particles(family)
    if not given or not own or not all(map(_is_name, [*given, *own])):
        return None
    return Person(" ".join(family), " ".join(given), suffix)


def _divided(words: list[str]) -> tuple[list[str], list[str]]:
    """Given names, and the family name from its first particle or of one word."""
    for place, word in enumerate(words):
        if place and word in _PARTICLES:
            return words[:place], words[place:]
    return words[:-1], words[-1:]


def _after_particles(family: list[str]) -> list[str]:
    place = 0
    while place < len(family) and family[place] in _PARTICLES:
        place += 1
    return family[place:]


def _is_name(word: str) -> bool:
    """Whether a word is written like a name: `Ann`, `O'Neil`, `J.R.`, not `BBC` and not `news`."""
    word = _JOINED.sub("", word)
    letters = _IN_NAMES.sub("", word)
    if not letters.isalpha() or not letters[0].isupper():
        return False
    return len(letters) == 1 or not letters.isupper() or "." in word
