"""Another count of the same thing, given beside a number: `it cost £40m, or £75m, critics say`.

Reports put estimates that differ next to each other, and the second names again neither what is
counted nor, often, its unit: `It cost the club 310,000 euros. The union speaks of 190,000.`
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.discourse.speech_words import MONTHS
from rag.language import content_stems
from rag.merging import STEM_CHARS
from rag.types import Evidence, Passage, Span
from rag.values import Value, value

# Numbers of one thing that differ by more are of two things (on newsroom train 4% are not).
LARGEST_RATIO = 5.0
# The other count begins at most so far behind the first, or ends so far before it; the second is
# for what says that it is the same figure.
REACH_CHARS, FAR_CHARS = 160, 300
# What stands before a number and sets it against the first is no longer.
_CUE_CHARS = 110
_UNIT_CHARS = 40

_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SCALES = "hundred|thousand|million|billion|trillion|dozen"
_PARTS = "half|third|quarter|fifth|tenth"
_SPELLED = (
    rf"(?:an?|one|two|three|four)[ -](?:{_PARTS})s?|half(?! an?\b)|"
    rf"half an? (?:{_SCALES})|an? (?:{_SCALES})|half|"
    rf"(?:(?:{_TENS})(?:[- ](?:{_ONES}))?|{_ONES}|{_TEENS})(?: (?:{_SCALES}))*"
)
_LIKELIER = r"(?:nearer|closer)(?: to)?|more like"
_QUALIFIER = (
    r"about|some|around|roughly|approximately|nearly|almost|only|just|barely|over|under|a mere|"
    r"(?:well )?(?:more|fewer|less|lower|higher) than|at least|at most|no more than|up to|"
    rf"as (?:many|few|much|little) as|{_LIKELIER}"
)
# A number with what belongs to it: `nearer €40m`, `more than three dozen`, `40 per cent`.
_NUMBER = re.compile(
    rf"(?<![\w.,€£$¥-])(?:(?:{_QUALIFIER}) )*(?:(?:[A-Z]{{1,2}})?[€£$¥]?\d+(?:,\d{{3}})*"
    rf"(?:\.\d+)?(?: ?(?:k|m|b|bn|mn|tn|p|{_SCALES})\b)?(?: ?(?:%|per ?cent))?|(?:{_SPELLED})\b)"
    r"(?![\w-])(?![.,:–]\d)",
    re.IGNORECASE,
)
_SAID = (
    r"sa(?:y|ys|id)|claim(?:s|ed)?|insist(?:s|ed)?|maintain(?:s|ed)?|th(?:ink|inks|ought)|"
    r"believe[ds]?|reckon(?:s|ed)?|argue[ds]?|estimate[ds]?"
)
_FIGURE = (
    r"figures?|numbers?|count|total|estimate|sum|tally|toll|bill|costs?|price|reckoning|share|fee|"
    r"value|loss(?:es)?|amount|damage|strength|rate|arrears|debt|profit|size|distance"
)
_IS = r"(?:is|was|are|were|(?:would|will|had|has|have) (?:be|been))"
# Right before the other number: somebody counts otherwise, or it is set against the first.
_BEFORE = re.compile(
    rf"(?:\bput(?:s|ting)?\b[^.;]{{0,70}} at|"
    rf"\b(?:{_SAID}|count(?:s|ed)?|list(?:s|ed)?|sp(?:eaks?|oke) of|talk(?:s|ed)? of|"
    r"g(?:ives?|ave)|cite[ds]?|quote[ds]?|arrive[ds]? at|f(?:inds?|ound)|forecast|shows?|showed|"
    r"measured|"
    r"add(?:s|ed)? up to|c(?:omes?|ame) to|knows? of|credit(?:s|ed) \w+ with)|"
    rf"\b(?:{_SAID})(?: that)? (?:it|they|there) {_IS}|"
    rf"\b(?:own|true|real|actual|right|correct|likely|official) (?:{_FIGURE})\b[^.;,]{{0,30}}"
    rf"(?:,| {_IS}| at| to be)|"
    rf"\b(?:{_SAID})(?: that)? the (?:{_FIGURE}) {_IS}|"
    r"(?:,| and| but) not(?: the)?|"
    r"\b(?:raised|lowered|revised|corrected|amended|increased) (?:it|that|this|the \w+)(?: \w+)? "
    r"to)(?: in fact| actually| really)? ?[“\"‘]?$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"[”\"’]? (?:by another|claimed by|(?:is|was) more (?:realistic|likely)|would be more)",
    re.IGNORECASE,
)
_SAME_FIGURE = re.compile(
    rf"(?:\bput(?:s|ting)? (?:it|that|this|them|the|its|their|his|her)\b[^.;]{{0,70}} at|"
    rf"\b(?:own|true|real|actual|right|correct) (?:{_FIGURE})\b[^.;,]{{0,30}}"
    rf"(?:,| {_IS}| at| to be)|\b(?:{_SAID})(?: that)? the (?:{_FIGURE}) {_IS})$",
    re.IGNORECASE,
)
_SET_NEARER = re.compile(_LIKELIER, re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?][”\"’]?\s+(?=[“\"‘(]?[A-Z0-9])")
# What may follow a number that names nothing anew.
_GOES_ON = frozenset(
    """a according after and as at before because but by does during each every for from had has
    have if in including instead is it more of on once or over per rather since so than that the
    there though to under until was were when which while who will with would yearly annually
    or nor not last this next all so far already now then today altogether overall whereas
    say says said they he she his her its their we i""".split()
)
_WORD_AFTER = re.compile(r"[ ,”\"’–-]*([^\W\d_]+)?")
# `Up from 143 two days earlier`, `March 7`, `7 a.m.`
_NO_COUNT = re.compile(rf"\b(?:from|{'|'.join(sorted(MONTHS))})\.? $", re.IGNORECASE)
_OF_A_DAY = re.compile(
    rf" ?(?:[ap]\.?m\b|o[’']clock|(?:{'|'.join(sorted(MONTHS))})\b)", re.IGNORECASE
)
_PART = re.compile(r"[ ,]*(?:of (?:them|these|those|whom|which|the)\b|(?:against|abstentions?)\b)")
_PAST = re.compile(
    r"\b(?:from|compared (?:with|to)|against|earlier|previously|last year|the year before|until|"
    r"instead of|in place of|rather than)"
    r"(?: [\w’'-]+){0,2} (?:[€£$¥]|about |some )?$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


def counted_otherwise(evidence: Sequence[Evidence], passages: Sequence[Passage]) -> list[Evidence]:
    """Evidence for other counts of the same thing, beside those that the evidence gives.

    `passages` are looked at whole: a reader may have seen but a part of them. Each is as probable
    as what it stands beside: both count what was asked about, or neither.
    """
    found: dict[tuple[str, Span], Evidence] = {}
    for one in evidence:
        for passage in passages:
            if passage.source.id != one.passage.source.id or not passage.holds(one.answer):
                continue
            for answer in other_counts(passage.text, one.answer.moved(-passage.start)):
                added = _quoted(passage, answer.moved(passage.start), one.probability)
                if added is not None:
                    found.setdefault((passage.source.id, added.answer), added)
    return list(found.values())


def may_count_the_same(question: str, one: Evidence, other: Evidence) -> bool:
    """Whether two answers can count one thing, as far as the words behind the numbers tell.

    They cannot where both name a thing, not the same, and the question names neither. Of 280 pairs
    of differing counts of one thing in newsroom train, 260 can.
    """
    things = {
        _counted(each.passage.text, each.answer.moved(-each.passage.start)) for each in (one, other)
    }
    asked = content_stems(question, STEM_CHARS)
    return len(things) == 1 or "" in things or not asked.isdisjoint(things)


def is_part_or_past(evidence: Evidence) -> bool:
    """Whether a number is a share of another or one of another time: `three of them`, `from 40`."""
    text, start = evidence.passage.text, evidence.passage.start
    before = text[max(0, evidence.answer.start - start - 40) : evidence.answer.start - start]
    behind = text[evidence.answer.end - start :][:40]
    return _PAST.search(before) is not None or _PART.match(behind) is not None


def _quoted(passage: Passage, answer: Span, probability: float) -> Evidence | None:
    """The answer with its sentence; None where it is in none, such as in furniture."""
    quotes = [sentence for sentence in passage.sentences if sentence.contains(answer)]
    return Evidence(passage, quotes[0], answer, probability) if quotes else None


def other_counts(text: str, at: Span) -> list[Span]:
    """Numbers beside the one at `at` that count the same thing otherwise, in order.

    They stand in its sentence, in the next or in the one before; what says that it is the same
    figure, also a sentence or a line farther on. Beside gold answers of newsroom train it finds
    114, 110 of them gold as well, in 56 of the 233 questions whose sources differ, and none in 192
    questions with one number.
    """
    if _value(text, at) is None:
        return []
    return [span for span in _near(text, at) if _counts_otherwise(text, *sorted((at, span)))]


def _counts_otherwise(text: str, one: Span, later: Span) -> bool:
    return (
        _differ(_value(text, one), _value(text, later))
        and _names_nothing_else(text, one, later)
        and _is_set_against(text, one, later)
    )


def _value(text: str, at: Span) -> Value | None:
    return value(text[at.start : at.end], text[at.end : at.end + _UNIT_CHARS])


def _near(text: str, at: Span) -> Iterator[Span]:
    """The numbers in reach, at most one end of a sentence away; none that `at` holds."""
    for found in _NUMBER.finditer(text, max(0, at.start - FAR_CHARS), at.end + 2 * FAR_CHARS):
        span = Span(*found.span())
        if span.overlaps(at) or _YEAR.fullmatch(found.group()):
            continue
        if _NO_COUNT.search(text[: span.start][-12:]) or _OF_A_DAY.match(text, span.end):
            continue
        between = text[at.end : span.start] if span.start >= at.end else text[span.end : at.start]
        ends = len(_SENTENCE_END.findall(between))
        lines = between.count("\n")
        if len(between) <= REACH_CHARS and ends <= 1 and not lines:
            yield span
        elif span.start >= at.end and len(between) <= FAR_CHARS and ends <= 2 and lines <= 1:
            # Farther on only what says that it is the same figure.
            before = text[max(0, span.start - _CUE_CHARS) : span.start].rstrip()
            if _SAME_FIGURE.search(before) or _SET_NEARER.match(text, span.start):
                yield span


def _differ(one: Value | None, later: Value | None) -> bool:
    """Whether two values, in the order of the text, can be counts of one thing that differ."""
    if one is None or later is None or later.unit not in ("", one.unit):
        return False
    smaller, larger = sorted((max(one.numbers), max(later.numbers)))
    return smaller < larger <= LARGEST_RATIO * smaller


def _names_nothing_else(text: str, one: Span, later: Span) -> bool:
    """Whether what stands behind the later number is nothing anew, or what the first counts."""
    thing = _counted(text, later)
    return not thing or thing == _counted(text, one)


def _counted(text: str, at: Span) -> str:
    """How the word behind a number begins, or an empty string where it names nothing."""
    numbers = list(_NUMBER.finditer(text, at.start, at.end))
    found = _WORD_AFTER.match(text, numbers[-1].end() if numbers else at.end)
    word = found[1].lower() if found and found[1] else ""
    return "" if word in _GOES_ON else word[:STEM_CHARS]


def _is_set_against(text: str, one: Span, later: Span) -> bool:
    """Whether somebody else counts the later number, or it is set against the first."""
    if _SET_NEARER.match(text, later.start) or _BEHIND.match(text, later.end):
        return True
    start = max(one.end, later.start - _CUE_CHARS)
    return _BEFORE.search(text[start : later.start].rstrip()) is not None
