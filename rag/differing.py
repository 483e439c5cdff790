"""Which evidence gives another value than the best for the same thing: a number, or a date."""

from __future__ import annotations

from collections.abc import Sequence

from rag.counts import LARGEST_RATIO, is_part_or_past, may_count_the_same
from rag.merging import Said, same_matter
from rag.types import Evidence

# Another value is shown beside the best from this share of the best's probability on, and this
# probability: a source that differs is often less to the point. On the newsroom dev events more
# values are found below, and more of other things.
DIFFERING_SHARE = 0.15
DIFFERING_PROBABILITY = 0.1
MOST_EVIDENCE = 50  # pieces of it that are looked at, the best: for time, not for taste


def near_enough(every: Sequence[Evidence]) -> list[Evidence]:
    """Of the evidence, the most probable first, what is probable enough beside the best."""
    least = max(DIFFERING_PROBABILITY, DIFFERING_SHARE * every[0].probability)
    return [one for one in every[:MOST_EVIDENCE] if one.probability >= least]


def other_numbers(question: str, best: Said, said: Sequence[Said]) -> list[Said]:
    """What gives another number than the best, in other documents or of the same matter beside it.

    Beside it that is in words of the question, and no part of the first, nor one of another time.
    """
    return [one for one in said if _differs(question, one, best) and _is_apart(question, one, best)]


def other_dates(question: str, said: Sequence[Said], same: Sequence[Said]) -> list[Said]:
    """What gives another date than the best evidence, in documents that do not give that as well.

    Every report is full of dates. So only evidence counts that suffices for an answer, in words of
    the question (newsroom dev: seven dates of other matters, none left), and of the dates of one
    document none.
    """
    best = same[0]
    agreeing = {one.evidence.passage.source.id for one in same}
    return [
        one
        for one in said
        if best.day
        and one.day
        and one.day.differs(best.day)
        and one.evidence.passage.source.id not in agreeing
        and same_matter(question, best.evidence, one.evidence)
    ]


def _differs(question: str, one: Said, best: Said) -> bool:
    if one.value is None or best.value is None:
        return False
    if one.value.same_as(best.value) or not one.value.comparable(best.value):
        return False
    if not may_count_the_same(question, one.evidence, best.evidence):
        return False
    smaller, larger = sorted((max(one.value.numbers), max(best.value.numbers)))
    return larger <= LARGEST_RATIO * smaller


def _is_apart(question: str, one: Said, best: Said) -> bool:
    if one.evidence.passage.source.id != best.evidence.passage.source.id:
        return True
    return same_matter(question, best.evidence, one.evidence) and not is_part_or_past(one.evidence)
