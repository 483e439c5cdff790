"""Names that a sentence lists (`Norway, Peru and Ghana signed`): what holds for one, for all.

The reader finds some of them, or is surer of some than of others, though the sentence says the
same of each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.discourse.speech_words import MONTHS, NO_NAMES, PREPOSITIONS, WEEKDAYS
from rag.language import DATE, ITEM_MARK, PLURAL_TITLE
from rag.question_words import sort_of
from rag.types import Evidence, Passage, Span

# `Bank of Severn`, `Gries am Hang`, `Harrow & Dale`, `University of the Gulf Islands`.
_CAPITALISED = r"[A-Z][\w’'-]*"
_NAME = (
    rf"{_CAPITALISED}(?: (?:(?:of|de|du|la|del|da|do|am|im|van|von|&)(?: the)? )?{_CAPITALISED})*"
)
# What may stand around a name in a list: `by the ferry operator Sula Lines`, `Bank X in Leeds`.
_MEMBER = (
    r"(?:(?:by|for|to|of|with) )?(?:(?:the|The) (?:[a-z][\w-]+ ){0,2})?"
    rf"(?P<name>{_NAME})(?: (?:in|from|at) (?P<place>{_CAPITALISED}(?: {_CAPITALISED})?))?"
)
_ANY = re.sub(r"\?P<\w+>", "?:", _MEMBER)
# A comma before `and` only where it follows another: `Acme sued Sula, and Boro signed` lists none.
_LIST = re.compile(rf"(?<!\w){_ANY}(?:(?:, {_ANY})+,?)? (?:and|or|as well as) {_ANY}(?!\w)")
_ONE = re.compile(_MEMBER)
# `North Korean leader Kim Jong Un`: the first name tells whose the second is.
_WHOSE = re.compile(rf" (?P<noun>[a-z]+) (?P<name>{_NAME})")
# A printed item is a mark with a few words: a longer one is a statement, true by itself.
_ITEM = re.compile(rf"(?P<mark>{ITEM_MARK})[ \t]+\S")
MOST_ITEM_WORDS = 9
# Kinds of answers that are places themselves.
PLACES = ("place", "country")
_WHERE = re.compile(r" (?:in|at)(?: the)? $")
_STEP = re.compile(r",? (?:and|or|as well as) |, ")
_BEFORE_SENTENCE = re.compile(r"(?:^|[.!?:;“\"]\s*|\n)$")
# Capitalised words that only open a sentence. `Will` and `May` are given names as well, and where
# `Officials in Oslo and Lima` are is a list.
_OPENERS = (NO_NAMES - {"will", "may", "officials", "people"}) | frozenset(
    """additionally afterwards again besides consequently elsewhere eventually finally furthermore
    hence indeed initially moreover nevertheless nonetheless otherwise previously recently
    separately similarly subsequently therefore thus""".split()
)
_PREPOSITIONS = PREPOSITIONS | frozenset("despite during like unlike among".split())
_DAYS_AND_MONTHS = WEEKDAYS | MONTHS


@dataclass(frozen=True, slots=True)
class Member:
    """What stands between two separators of a list, and the name in it."""

    whole: Span
    name: Span


def enumerated(text: str) -> list[list[Member]]:
    """The lists of names in a text, at least two names in each."""
    found = (_members(text, run) for run in _LIST.finditer(text))
    return [members for members in found if len(members) > 1]


def completed(
    evidence: Sequence[Evidence], least: float, naming: Callable[[str], str]
) -> list[Evidence]:
    """The evidence, the most probable first, with all that stands in a list with what suffices.

    What does not reach `least` gets the lowest probability of those beside it that do; a name that
    the reader has not found is added. `naming` gives the country that an answer names: beside
    countries, only countries are added.
    """
    result = list(evidence)
    quoted: dict[tuple[str, Span], list[int]] = {}
    for number, one in enumerate(result):
        quoted.setdefault((one.passage.source.id, one.quote), []).append(number)
    for numbers in quoted.values():
        first = result[numbers[0]]
        if first.probability < least:
            continue
        for members in enumerated(first.passage.slice(first.quote)):
            _complete(result, numbers, members, least, naming)
    return sorted(result, key=lambda one: -one.probability)


def listed(
    evidence: Sequence[Evidence], least: float, passages: Sequence[Passage]
) -> list[Evidence]:
    """The evidence, the most probable first, with all of a printed list of which one item suffices.

    The items are short lines with one mark (`- 4 eggs`), one below the other; each becomes as
    probable as the least probable of those that reach `least`. `passages` are looked at whole.
    """
    good = [one for one in evidence if one.probability >= least]
    lists = {
        (passage.source.id, tuple(items)): passage
        for passage in passages
        for items in _printed(passage)
    }
    added: list[Evidence] = []
    replaced: set[tuple[str, Span]] = set()
    for (id_, items), passage in lists.items():
        among = [
            one
            for one in good
            if one.passage.source.id == id_ and any(_is_most_of(one.answer, item) for item in items)
        ]
        if not among:
            continue
        lowest = min(one.probability for one in among)
        for line in items:
            said = [one for one in among if line.contains(one.answer)]
            probability = max((one.probability for one in said), default=lowest)
            added.append(Evidence(passage, line, line, probability))
            replaced.add((id_, line))
    kept = [
        one
        for one in evidence
        if not any(id_ == one.passage.source.id and line.contains(one.answer)
                   for id_, line in replaced)
    ]  # fmt: skip
    return sorted([*kept, *added], key=lambda one: -one.probability)


def without_places(expects: str, evidence: Sequence[Evidence], least: float) -> list[Evidence]:
    """The evidence without what only tells where another is: `Leeds` of `Crust in Leeds`.

    The other has to be claimed itself, from the probability `least` on. All of it where the
    question `expects` a place: the asker takes either.
    """
    if expects in PLACES:
        return list(evidence)
    ends = {(one.passage.source.id, one.answer.end) for one in evidence if one.probability >= least}

    def is_place(one: Evidence) -> bool:
        before = _WHERE.search(one.passage.text, 0, one.answer.start - one.passage.start)
        if before is None:
            return False
        return (one.passage.source.id, one.passage.start + before.start()) in ends

    return [one for one in evidence if not is_place(one)]


def _printed(passage: Passage) -> list[list[Span]]:
    """The printed lists of a passage: at least two short items, one below the other."""
    found: list[list[Span]] = []
    mark, end = "", -1
    for sentence in passage.sentences:
        text = passage.slice(sentence)
        item = _ITEM.match(text)
        if item is None or len(text.split()) > MOST_ITEM_WORDS:
            mark = ""
            continue
        between = passage.text[max(0, end - passage.start) : sentence.start - passage.start]
        if mark == item["mark"][-1] and not between.strip():
            found[-1].append(sentence)
        else:
            found.append([sentence])
        mark, end = item["mark"][-1], sentence.end
    return [items for items in found if len(items) > 1]


def _is_most_of(answer: Span, line: Span) -> bool:
    return line.contains(answer) and 2 * (answer.end - answer.start) > line.end - line.start


def _complete(
    result: list[Evidence],
    numbers: Sequence[int],
    members: Sequence[Member],
    least: float,
    naming: Callable[[str], str],
) -> None:
    """Complete one list of one sentence, of which `numbers` are the evidence."""
    sentence, start = result[numbers[0]], result[numbers[0]].quote.start
    best = [
        next((n for n in numbers if result[n].answer.overlaps(one.whole.moved(start))), None)
        for one in members
    ]
    good = [n for n in best if n is not None and result[n].probability >= least]
    if not good:
        return
    lowest = min(result[n].probability for n in good)
    of_countries = any(naming(_text(result[n])) for n in good)
    for number, member in zip(best, members, strict=True):
        if number is not None:
            raised = max(result[number].probability, lowest)
            result[number] = replace(result[number], probability=raised)
            for n in numbers:
                if _is_part(result[n], member, start, naming):
                    result[n] = replace(result[n], answer=member.name.moved(start))
            continue
        added = replace(sentence, answer=member.name.moved(start), probability=lowest)
        if naming(_text(added)) or not of_countries:
            result.append(added)


def _is_part(evidence: Evidence, member: Member, start: int, naming: Callable[[str], str]) -> bool:
    """Whether an answer is but a part of a member's name, or of what leads to it."""
    name, answer = member.name.moved(start), evidence.answer
    leads = Span(member.whole.moved(start).start, name.end)
    return leads.contains(answer) and not answer.contains(name) and not naming(_text(evidence))


def _members(text: str, run: re.Match[str]) -> list[Member]:
    found, places, at = [], [], run.start()
    while (one := _ONE.match(text, at, run.end())) is not None:
        whose = _WHOSE.match(text, one.end())
        named = whose if whose and sort_of(whose["noun"]) else one
        full = Span(*named.span("name"))
        name = _without_opener(text, full) if at == run.start() else full
        if name and (title := PLURAL_TITLE.match(text, name.start, name.end)):
            name = Span(title.end(), name.end)
        if name and not DATE.fullmatch(_cut(text, name)):  # `on Monday and Tuesday`
            start = one.start() if name == full else name.start
            found.append(Member(Span(start, named.end()), name))
            places.append(Span(*one.span("place")) if one["place"] else None)
        step = _STEP.match(text, named.end(), run.end())
        if step is None:
            break
        at = step.end()
    # `Teams in Lyon and Osaka` lists cities, `Ford in Detroit and Toyota` does not.
    if places and places[0] and not any(places[1:]) and _are_many(text, found[0].name):
        found[0] = Member(places[0], places[0])
    return found


def _without_opener(text: str, name: Span) -> Span | None:
    """A list's first name without what opens the sentence before it (`But Acme`, `On Monday Acme`).

    None where that is all (`However, `), or a phrase of its own (`In London, Acme and Sula`).
    """
    if not _BEFORE_SENTENCE.search(text[: name.start]):
        return name
    start, opened, led = name.start, False, False
    for word in re.finditer(r"\S+", _cut(text, name)):
        small = word.group().lower()
        # `US` is no `us`.
        opens = small in _OPENERS | _PREPOSITIONS and not word.group()[1:].isupper()
        if not opens and not (opened and small in _DAYS_AND_MONTHS):
            start = name.start + word.start()
            break
        opened, led = True, led or small in _PREPOSITIONS
    else:
        return None
    return None if led and text.startswith(",", name.end) else Span(start, name.end)


def _are_many(text: str, name: Span) -> bool:
    """Whether what starts a sentence is no name, but the plural of a noun that we know."""
    word = _cut(text, name)
    starts = _BEFORE_SENTENCE.search(text[: name.start]) is not None
    return starts and word.endswith(("s", "People")) and sort_of(word) != ""


def _cut(text: str, span: Span) -> str:
    return text[span.start : span.end]


def _text(evidence: Evidence) -> str:
    return evidence.passage.slice(evidence.answer)
