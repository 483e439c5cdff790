"""Who a short mention or a role stands for, as the document introduces them.

`Putin` is `Vladimir Putin` where the document has the full name; `the mayor` is whom it calls the
mayor. What cannot be told is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.discourse.mentions import LEAD_CHARS, name_runs
from rag.discourse.quotations import FILLER, KEPT, Neighbourhood, neighbourhood
from rag.discourse.speech_words import (
    CLAUSE_WORDS,
    COMPANY_ENDINGS,
    DETERMINERS,
    FEMALE,
    MALE,
    ORGANISATIONS,
    PARTICLES,
    PREPOSITIONS,
    RELATIVES,
    ROLES,
    SAYING,
    TITLES,
)
from rag.names import country
from rag.types import Span

# The description beside a name is shorter than this.
PHRASE_CHARS = 90
# Titles and roles before a name have at most this many words (`the Czech deputy foreign minister`).
MAX_MODIFIERS = 5

_WORD = re.compile(r"\w[\w’'-]*")
_BREAK = re.compile(rf"[.!?]\s|[;:()—“”\"{FILLER}\n]")
_RANKS = frozenset("deputy vice former acting assistant ex".split())


@dataclass(frozen=True, slots=True)
class Introduction:
    """A name with the role that the words beside it give it; `full` is the name's own words."""

    name: Span
    full: str
    noun: str
    modifiers: frozenset[str]
    gender: str


def full_name(text: str, mention: Span) -> str:
    """The name in full that a short mention stands for (`Putin`: Vladimir Putin).

    Of several longer names that fit, the latest before the mention; a first name is the one
    person's whose name starts with it. The mention's own words where the document has nothing
    longer.
    """
    short = text[mention.start : mention.end]
    every = introductions(text, mention)
    fitting = [i for i in every if i.full.endswith((f" {short}", f"-{short}"))]
    if not fitting and " " not in short and not country(short):
        fitting = [
            i
            for i in every
            if i.full.startswith(f"{short} ")
            and i.full[len(short) + 1 :].lower() in COMPANY_ENDINGS
        ] or _of_first_name(short, every)
    if not fitting:
        return short
    before = [i for i in fitting if i.name.start < mention.start]
    return before[-1].full if before else fitting[0].full


def _of_first_name(short: str, every: Sequence[Introduction]) -> list[Introduction]:
    """Where the one name that starts with a word is a person's: `Wim de Boer`, `Mayor Ann Lee`.

    A role, a title or a particle tells; `Paris Agreement` has none.
    """
    begun = [i for i in every if i.full.startswith(f"{short} ")]
    words = {word.lower() for i in begun for word in i.full.split()}
    told = any(i.noun or i.gender for i in begun) or not words.isdisjoint(PARTICLES)
    one = len({i.full for i in begun}) == 1
    return begun if one and told and words.isdisjoint(ORGANISATIONS | COMPANY_ENDINGS) else []


def holder(text: str, description: Span) -> str:
    """The name of who holds the role that a description names (`the mayor`: Ann Lee).

    Empty where the document ties no name, or several that the description's other words do not
    tell apart, to the role.
    """
    words = _WORD.findall(text[description.start : description.end])
    noun = head_noun(words)
    if noun not in ROLES:
        return ""
    given = _modifiers(words) - {noun}
    found: dict[str, frozenset[str]] = {}
    for introduction in introductions(text, description):
        if introduction.noun == noun and introduction.full.count(" "):
            full = full_name(text, introduction.name)
            found[full] = found.get(full, frozenset()) | introduction.modifiers
    fitting = [name for name, others in found.items() if _fits(given, others)]
    sharing = [name for name in fitting if given & found[name]]
    for group in (sharing, fitting):
        if len(group) == 1:
            return group[0]
    return ""


def has_role(text: str, name: Span, description: str) -> bool:
    """Whether the document gives who is named at a place the role of a description from elsewhere.

    `the Toronto head` is `the head of the Toronto laboratory, Ann Lee`.
    """
    words = _WORD.findall(description)
    noun = head_noun(words)
    given = _modifiers(words) - {noun}
    full = full_name(text, name)
    return noun in ROLES and any(
        i.noun == noun and _fits(given, i.modifiers) and full_name(text, i.name) == full
        for i in introductions(text, name)
    )


def _fits(given: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two descriptions of one role can mean one person: same rank, no other country."""
    if given & _RANKS != others & _RANKS and not given & others:
        return False
    countries = [{word for word in words if word[0].isupper()} for words in (given, others)]
    if all(countries):
        return bool(countries[0] & countries[1])
    return not given or not others or bool(given & others) or bool(countries[0])


def head_noun(words: Sequence[str]) -> str:
    """The noun that a phrase is about, in small letters: its last before a preposition."""
    head = ""
    for word in words:
        if word.lower() in PREPOSITIONS or word.lower() in RELATIVES:
            break
        head = word
    return head.lower()


def _modifiers(words: Sequence[str]) -> frozenset[str]:
    """A description's words, countries by their names (`Brazilian`, `Brazil’s`: Brazil)."""
    found = set()
    for word in words:
        bare = re.sub(r"['’]s?$", "", word)
        if bare.lower() not in DETERMINERS | PREPOSITIONS:
            found.add(country(bare) or bare.lower())
    return frozenset(found)


def introductions(text: str, at: Span) -> tuple[Introduction, ...]:
    """The names of the neighbourhood, after those of the document's first characters."""
    near = neighbourhood(text, at)
    found = _introduced(text, near.start, near.start + len(near.plain))
    if near.start == 0:
        return found
    return _introduced(text, 0, LEAD_CHARS) + found


@lru_cache(maxsize=KEPT)
def _introduced(text: str, start: int, end: int) -> tuple[Introduction, ...]:
    near = neighbourhood(text, Span(start, min(end, start + 1)))
    found = []
    for name in name_runs(near, Span(start, end)):
        before = _phrase_before(near, name)
        after = _phrase_after(near, name)
        noun, words = next(
            ((head_noun(p), p) for p in (before, after) if head_noun(p) in ROLES), ("", [])
        )
        found.append(
            Introduction(
                name,
                text[name.start : name.end],
                noun,
                _modifiers(words) - {noun},
                _gender(noun, before),
            )
        )
    return tuple(found)


def _phrase_before(near: Neighbourhood, name: Span) -> list[str]:
    """The words of `the Estonian envoy, Ann Lee` or `union leader Ann Lee` before the name."""
    low = max(near.start, name.start - PHRASE_CHARS)
    before = near.plain[low - near.start : name.start - near.start]
    before = _BREAK.split(before)[-1]
    if before.endswith(", "):
        # `Asked about the minister, Lee said`: the comma ties nothing unless the name ends there.
        after = near.plain[name.end - near.start : name.end - near.start + 1]
        if after.isalnum() or after == " ":
            return []
        before = before[:-2]
        phrase = _WORD.findall(before.split(",")[-1])
    else:
        phrase = _after_last_preposition(_WORD.findall(before.split(",")[-1]))
    for number in range(len(phrase) - 1, -1, -1):
        if phrase[number].lower() in CLAUSE_WORDS - {"for"} or phrase[number].lower() in SAYING:
            return phrase[number + 1 :]
    return phrase


def _after_last_preposition(words: list[str]) -> list[str]:
    """`talks with union leader` before a name: `union leader`."""
    for number in range(len(words) - 1, -1, -1):
        if words[number].lower() in PREPOSITIONS:
            return words[number + 1 :]
    return words


def _phrase_after(near: Neighbourhood, name: Span) -> list[str]:
    """The words of `, the president of the club,` after a name."""
    after = near.plain[name.end - near.start : name.end - near.start + PHRASE_CHARS]
    if not after.startswith(", "):
        return []
    return _WORD.findall(re.split(rf"[,.;:()“”\"{FILLER}\n]", after[2:])[0])


def gender(text: str, name: Span) -> str:
    """`he`, `she` or an empty string, from titles and roles that stand beside the name."""
    last = text[name.start : name.end].split()[-1]
    found = {
        introduction.gender
        for introduction in introductions(text, name)
        if introduction.gender and introduction.full.split()[-1] == last
    }
    return found.pop() if len(found) == 1 else ""


def _gender(noun: str, before: Sequence[str]) -> str:
    """`he` or `she` by the role's noun and the title just before a name (`Mr Lee’s wife, Ann`)."""
    words = {noun}
    for word in before[::-1][:MAX_MODIFIERS]:
        if word.endswith(("’s", "'s", "’", "'")) or word.lower() in PREPOSITIONS:
            break
        words.add(word.lower())
    male, female = bool(words & MALE), bool(words & FEMALE)
    return "" if male == female else "he" if male else "she"


def is_person(text: str, name: Span) -> bool:
    """Whether a name reads as a person's: titled, or of two words and no organisation's."""
    words = text[name.start : name.end].split()
    if not all(word[0].isupper() or word in PARTICLES or "-" in word for word in words):
        return False
    if country(" ".join(words)) or any(word.lower() in ORGANISATIONS for word in words):
        return False
    before = text[max(0, name.start - 12) : name.start]
    if before.lower().endswith("the "):
        return False
    titled = re.search(r"([\w]+)\.? $", before)
    if titled and titled.group(1).lower() in TITLES | ROLES:
        return True
    if len(words) > 1:
        return True
    full = full_name(text, name)
    return len(full.split()) > 1 and not any(w.lower() in ORGANISATIONS for w in full.split())


def is_thing(text: str, name: Span) -> bool:
    """Whether a name can be what `it` and `the company` mean: no person's, in full or in part.

    `Wim` is none where the document speaks of `Wim de Boer`.
    """
    first = f"{text[name.start : name.end]} "
    begun = (i.full for i in introductions(text, name) if i.full.startswith(first))
    companies = ORGANISATIONS | COMPANY_ENDINGS
    return not is_person(text, name) and all(
        full.split()[-1].lower() in companies for full in begun
    )


def may_be_surname(near: Neighbourhood, name: Span) -> bool:
    """Whether a name of one word, of which nothing else is known, can be a person's."""
    word = near.text[name.start : name.end]
    before = near.text[max(0, name.start - 4) : name.start].lower()
    return (
        " " not in word
        and word[1:].islower()
        and not country(word)
        and word.lower() not in ORGANISATIONS
        and not before.endswith("the ")
        and not full_name(near.text, name).count(" ")
    )
