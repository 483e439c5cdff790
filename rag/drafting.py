"""From evidence to groups that become claims: what says the same, takes one side, or differs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.counts import counted_otherwise
from rag.differing import near_enough, other_dates, other_numbers
from rag.language import content_stems
from rag.merging import Said, group
from rag.names import asks_for_country, country, country_in, country_itself
from rag.question import according_to, understand
from rag.stance import is_open
from rag.types import Evidence, Hit, Passage, QuestionType, Span

# Weaker evidence that names an item which is claimed anyway backs it, from this share of the best's
# probability on (newsroom dev: evidence recall of lists .39 to .46, citation precision the same).
SUPPORT_SHARE = 0.3
SUPPORT_EVIDENCE = 25  # pieces that are looked at for it, the best: for time
# Documents tell of the same matter whose passages have this share of the question's words that
# those of the claims have.
RELATED_WORDS = 0.6
# The sides of which what is left open is kept apart; who asks for the undecided wants them.
TAKEN_SIDES = ("affirmed", "declined")
# One account is asked for where one source is named: `the mayor`, not `the union and the firm`.
_ONE = re.compile(r"^(?!.*\b(?:and|both|each|various|different|several|all)\b).+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """Groups of evidence, each a claim to be, in order; `open_ones` are the undecided parties."""

    groups: list[list[Said]]
    open_ones: list[list[Said]]
    disagreement: bool = False


def naming(question: str) -> Callable[[str], str]:
    """What gives the country that an answer names.

    Where a country is asked for, `the Italian premier` names it; elsewhere only `Italy` does, and
    `Rome` where no place is asked for.
    """
    if asks_for_country(question):
        return country_in
    return country_itself if understand(question).expects == "place" else country


def draft(
    question: str,
    asked: QuestionType,
    good: Sequence[Evidence],
    every: Sequence[Evidence],
    passages: Sequence[Passage] = (),
) -> Draft:
    """Group evidence, the most probable first, into claims by what the question wants.

    `good` is what reaches the threshold; a differing value may come from `every` evidence, and
    from what its `passages` say beside it.
    """
    name = naming(question)
    said = [Said.of(found, name) for found in good]
    if asked.form == "list":
        groups = supported(group(said), [Said.of(one, name) for one in _weaker(good, every)])
        return sides(groups) if asked.polarity in TAKEN_SIDES else Draft(groups, [])
    same = [one for one in said if one.same_as(said[0])]
    if asked.form == "single" and asked.expects == "date":
        moved = group(other_dates(question, said, same))
        return Draft([same, *moved], [], disagreement=bool(moved))
    if asked.form != "single" or _ONE.search(according_to(question)):
        return Draft([same], [])
    beside = counted_otherwise([one.evidence for one in same], passages)
    differing = [Said.of(found, name) for found in beside]
    if asked.expects == "number":
        near = [Said.of(found, name) for found in near_enough(every)]
        differing = [*other_numbers(question, said[0], near), *differing]
    return Draft([same, *group(differing)], [], disagreement=bool(differing))


def _weaker(good: Sequence[Evidence], every: Sequence[Evidence]) -> list[Evidence]:
    """What does not suffice for an item, but does to support one."""
    least = SUPPORT_SHARE * good[0].probability
    chosen = {id(one) for one in good}
    weaker = [one for one in every if id(one) not in chosen and one.probability >= least]
    return weaker[:SUPPORT_EVIDENCE]


def supported(groups: Sequence[list[Said]], weaker: Sequence[Said]) -> list[list[Said]]:
    """The groups with weaker evidence that names the same; what is left open supports no side."""
    return [
        [*said, *(one for one in weaker if one.same_as(said[0]) and not is_left_open(one.evidence))]
        for said in groups
    ]


def sides(groups: Sequence[list[Said]]) -> Draft:
    """Keep apart the parties of which all evidence leaves open what they do."""
    decided: list[list[Said]] = []
    left_open: list[list[Said]] = []
    for said in groups:
        firm = [one for one in said if not is_left_open(one.evidence)]
        (decided if firm else left_open).append(firm or said)
    # An answer needs a claim: where nobody has decided, those who have not are the answer.
    return Draft(decided, left_open) if decided else Draft(left_open, [])


def is_left_open(evidence: Evidence) -> bool:
    """Whether a sentence leaves open what the party that it names does."""
    start = evidence.quote.start
    party = Span(evidence.answer.start - start, evidence.answer.end - start)
    return is_open(evidence.passage.slice(evidence.quote), party)


def of_one_matter(
    question: str, drafted: Draft, near: Sequence[Evidence], hits: Sequence[Hit]
) -> set[str]:
    """The documents of a draft's claims, and of `near` evidence those about what they are about.

    Their passages have RELATED_WORDS of the question's words that those of the claims have.
    """
    shown = {
        one.evidence.passage.source.id
        for said in (*drafted.groups, *drafted.open_ones)
        for one in said
    }
    asked = content_stems(question)
    words: dict[str, set[str]] = {}
    for hit in hits:
        found = words.setdefault(hit.passage.source.id, set())
        found |= asked & content_stems(hit.passage.text)
    wanted = set().union(*(words.get(id_, set()) for id_ in shown))
    return shown | {
        id_
        for one in near
        if len(words.get(id_ := one.passage.source.id, set()) & wanted)
        >= RELATED_WORDS * len(wanted)
    }
