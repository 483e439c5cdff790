"""Countries behind their many names, from the countryinfo library's data.

`Britain`, `the UK`, `British` and `London` all name the United Kingdom when a country is asked for.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from countryinfo import CountryInfo

# Names that news uses and the library lacks; a seat of government stands for its country.
MORE_NAMES = {
    "America": "United States",
    "Washington": "United States",
    "White House": "United States",
    "Pentagon": "United States",
    "Britain": "United Kingdom",
    "Briton": "United Kingdom",
    "Britons": "United Kingdom",
    "Downing Street": "United Kingdom",
    "Whitehall": "United Kingdom",
    "Kremlin": "Russia",
    "Kiev": "Ukraine",
    "Elysee": "France",
    "Spaniard": "Spain",
    "Spaniards": "Spain",
    "Dane": "Denmark",
    "Danes": "Denmark",
    "Swede": "Sweden",
    "Swedes": "Sweden",
    "Finn": "Finland",
    "Finns": "Finland",
    "Pole": "Poland",
    "Poles": "Poland",
    "Turk": "Turkey",
    "Turks": "Turkey",
    "Turkiye": "Turkey",
    "Icelandic": "Iceland",
    "Slovenian": "Slovenia",
    "Argentine": "Argentina",
    "Argentinian": "Argentina",
    "Ecuadorian": "Ecuador",
    "Kazakh": "Kazakhstan",
    "Kyrgyz": "Kyrgyzstan",
    "Uzbek": "Uzbekistan",
    "Tajik": "Tajikistan",
    "Saudi": "Saudi Arabia",
    "Saudis": "Saudi Arabia",
    "Astana": "Kazakhstan",
    "The Hague": "Netherlands",
    "Bogota": "Colombia",
    "Brasilia": "Brazil",
    "Bern": "Switzerland",
    "Berne": "Switzerland",
    "New Zealander": "New Zealand",
    "Northern Ireland": "United Kingdom",
}
# Places that stand for their country where it acts, beside the capitals that the library knows.
SEATS = frozenset(
    {
        "Washington", "White House", "Pentagon", "Capitol Hill", "Downing Street", "Whitehall",
        "Kremlin", "Kiev", "Elysee", "Astana", "The Hague", "Hague", "Bogota", "Brasilia", "Bern",
        "Berne", "Northern Ireland",
    }
)  # fmt: skip
# Codes that people write; other ISO codes are words as well (IN, NO, IT).
WRITTEN_CODES = frozenset({"US", "USA", "UK", "GB", "UAE", "DRC", "NZ"})
# Dependent territories whose adjective in the library is their mother country's, former states,
# and second entries for one country.
LEFT_OUT = frozenset(
    {
        "American Samoa", "Antilles néerlandaises", "British Indian Ocean Territory",
        "French Southern and Antarctic Lands", "Holy See (Vatican City State)", "Hong Kong",
        "Macau", "Martinique", "Mayotte", "Northern Mariana Islands", "Palestine, State of",
        "Réunion", "Saint Pierre and Miquelon", "Serbia and Montenegro", "Svalbard and Jan Mayen",
        "United States Minor Outlying Islands",
    }
)  # fmt: skip
# The longest name has seven words ("Democratic Republic of the Congo" and the like).
MAX_NAME_WORDS = 7

# The noun of the phrase that asks, at most five words on, with no verb or preposition between:
# `which of the European nations`, but not `what did the government say`.
_ASKS = re.compile(
    r"\b(?:(?:which|what|whose|name|list)|who (?:are|were)|what (?:are|were))(?: of)?(?: (?:the|"
    r"these|those|all|all the))?"
    r"(?P<before>(?: (?!(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|"
    r"may|"
    r"might|must|in|on|at|to|from|for|with|by|about|say|says|said|that|who|and|or|it|the|a|an|"
    r"its|their|this)\b)"
    r"[\w’'-]+){0,4})\s+(?:(?P<plain>countr(?:y|ies)|nations?|governments?|capitals)|"
    r"(?P<states>states?))\b(?!['’]s? (?:name|capital|currency|population))",
    re.IGNORECASE,
)
# A noun after it is the one asked for (`which government minister`).
_OTHER_HEAD = re.compile(
    r"\s+(?:ministers?|officials?|spokes\w+|agenc(?:y|ies)|departments?|bod(?:y|ies)|advis[eo]rs?|"
    r"aid|funds?|banks?|compan(?:y|ies)|universit(?:y|ies)|parks?|capitals?|schools?|prosecutors?|"
    r"lawyers?|senators?|governors?|lawmakers?|schemes?|programmes?|programs?|offices?|houses?)\b",
    re.IGNORECASE,
)
# States of a federation are no countries.
_FEDERAL = re.compile(r"\b(?:us|u\.s|federal|swing|federated|constituent)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*\.?")
# A country's name inside another place's: `New Mexico`, `Gulf of Mexico`, `South China Sea`.
_INSIDE_BEFORE = re.compile(r"\b(?:New|(?:Gulf|Sea|Strait|Straits|Bay|Isthmus) of(?: the)?)\s+$")
_INSIDE_AFTER = re.compile(r"^\s+(?:Sea|Ocean|Gulf|Strait|Straits|Channel|Canal|Peninsula)\b")


def asks_for_country(question: str) -> bool:
    """Whether the answer to a question is a country, or several."""
    asked = _ASKS.search(question)
    if asked is None or _OTHER_HEAD.match(question, asked.end()):
        return False
    before = asked.group("before")
    # `German states` and `US states` are parts of a country.
    return not (asked.group("states") and (_FEDERAL.search(before) or country_in(before)))


# `the Berlin government` acts, `the Paris summit` does not.
_ARTICLE_BEFORE = re.compile(r"\b(?:the|an?|last|next|recent)\s+$", re.IGNORECASE)
_NOUN_AFTER = re.compile(
    r"[\s-]+(?!government|cabinet|parliament|authorit|administration|official|leader|minister|"
    r"diplomat|lawmaker|spokes|envoy|negotiator|delegat)[a-z]"
)


def country(mention: str) -> str:
    """The country that a whole mention names (`the Dutch`: Netherlands), or an empty string."""
    words = _WORD.findall(mention)
    known = _countries()
    bare = words[1:] if words and words[0].lower() == "the" else words
    return known.get(_key(" ".join(words)), "") or known.get(_key(" ".join(bare)), "")


def country_itself(mention: str) -> str:
    """The country that a whole mention names itself, not by its seat: `Paris` is a place."""
    bare, found = _key(mention.removeprefix("the ").removeprefix("The ")), country(mention)
    return "" if bare in _capitals() | _seats() and bare != _key(found) else found


def country_in(mention: str) -> str:
    """The first country named in a mention (`Italian premier Rossi`: Italy), or an empty string.

    A country's name within the name of another place (`New Mexico`) names no country, nor does a
    capital where something was (`the Paris summit`).
    """
    words = list(_WORD.finditer(mention))
    start = 0
    while start < len(words):
        for end in range(min(start + MAX_NAME_WORDS, len(words)), start, -1):
            first, last = words[start].start(), words[end - 1].end()
            found = country(mention[first:last])
            if not found:
                continue
            place = _is_a_setting(mention[first:last], mention[last:])
            inside = _INSIDE_BEFORE.search(mention[:first]) or _INSIDE_AFTER.match(mention[last:])
            if not place and not inside:
                return found
            start = end - 1  # the words of a place's name are not read one by one
            break
        start += 1
    return ""


def is_only_a_place(before: str, mention: str, after: str) -> bool:
    """Whether a capital says where something was, and not who acts: `the Paris summit's plan`."""
    return _ARTICLE_BEFORE.search(before) is not None and _is_a_setting(mention, after)


def _is_a_setting(mention: str, after: str) -> bool:
    """Whether a capital stands before a noun that does not act: `Paris summit`.

    `London’s minister` acts, so a possessive is no capital here.
    """
    if mention.endswith(("’s", "'s", "’", "'")):
        return False
    bare = mention.removeprefix("the ").removeprefix("The ")
    return _key(bare) in _capitals() and _NOUN_AFTER.match(after) is not None


@cache
def _capitals() -> frozenset[str]:
    found = (info.get("capital") for info in CountryInfo.all().values())
    return frozenset(_key(one) for capital in found for one in _values(capital))


@cache
def _seats() -> frozenset[str]:
    return frozenset(map(_key, SEATS))


@cache
def _countries() -> dict[str, str]:
    """Country names by the keys of all that names them; a country's own name comes first."""
    every = {
        info["name"]: info for info in CountryInfo.all().values() if info["name"] not in LEFT_OUT
    }
    known: dict[str, str] = {}
    for name in every:
        known.setdefault(_key(name.removeprefix("The ")), name.removeprefix("The "))
    for other, name in MORE_NAMES.items():
        known[_key(other)] = name
    for field in ("altSpellings", "demonym", "capital"):
        for name, info in every.items():
            for other in _values(info.get(field)):
                if _key(other) and (len(other) > 3 or other in WRITTEN_CODES):
                    known.setdefault(_key(other), known[_key(name.removeprefix("The "))])
                # `Germans` after `German`; what ends in a hiss is its own plural.
                if field == "demonym" and not other.endswith(("s", "sh", "ch", "ese")):
                    known.setdefault(_key(f"{other}s"), known[_key(name.removeprefix("The "))])
    return known


def _values(value: object) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in re.split(r"[,/]", value) if part.strip()]
    return [str(part).strip() for part in value] if isinstance(value, list) else []


def _key(name: str) -> str:
    """Without accents, dots and a possessive s; empty for what is not written as a name."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name)
        name = "".join(c for c in name if not unicodedata.combining(c))
    plain = _POSSESSIVE.sub("", name.replace(".", "")).replace("’", "'")
    # Names are capitalised: `polish`, `turkey` and `us` in small letters are other words.
    return plain if plain[:1].isupper() else ""
