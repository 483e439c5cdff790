"""Which side a sentence says that a party takes, by what the party's own clause says that it does.

The reader finds who is named beside the matter that is asked about, and is weak at telling whether
they joined or refused. `opposes` holds for 76 of the 2,370 sentences that newsroom train gives as
evidence of a right item, and for 839 of the 2,051 about the parties of another side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.question import form_of
from rag.question_words import (
    AGREED,
    JOINED,
    LEAVING,
    NEGATION,
    NEGATION_REACH,
    REFUSED,
    pattern,
    side,
)
from rag.stance import clause_of, is_open
from rag.types import Evidence, Span

MOST_EVIDENCE = 50  # pieces of it that are looked at, the best: for time, not for taste
_REFUSED, _JOINED, _NEGATION = pattern(REFUSED), pattern(JOINED), pattern(NEGATION)
_LEAVING = pattern(LEAVING)
# So near behind a party its own verb ends, with its helpers: `has not yet left the`.
OWN_VERB_CHARS = 24
_AGREED = pattern(f"{JOINED}|{AGREED}")
# What stands between the party and its deed, or behind it, tells of other deeds: `Poland, which had
# refused, signed`, `signed after Norway refused`, `denies that it refused`, and what is quoted.
_ASIDE = re.compile(
    r"(?:,|–|—|\() ?(?:(?:all|some|both|one|most|none) of )?(?:which|who|whose|where|whom)\b"
    r"(?:[^,;–—)]|,(?=\d))*(?:[,;–—)]|$)|\bdenie[sd]\b[^,;]*|“[^”]*”?",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"[ ,](?:because|since|after|until|before|although|though|despite|even if|so that|when|"
    r"as (?:it|they|he|she|its|their)|saying|citing|arguing|complaining|warning|for fear|whatever|"
    r"unlike|rather than|instead of|lest)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
# The place before a stop that is not an abbreviation's.
_NO_ABBREVIATION = r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<![A-Z])"
_SENTENCE_ENDS = re.compile(rf"{_NO_ABBREVIATION}[.!?][”\"’']?\s")
# One thing is done and another is not (`offered money but no troops`), or what is agreed is to
# leave something: the words do not tell which of the two is asked about.
_BOTH = re.compile(
    r"\bbut (?:no|not)\b|\b(?:agreed|promised|pledged|vowed|committed) not to\b", re.IGNORECASE
)
# Minutes name the sides before the parties: `For: Lee, Roe; against, the clerk`. A colon leads to
# them anywhere, a comma only where the minutes count sides.
_LABEL = (
    r"(?:votes? |vot(?:ed|ing) |spoke |those |members )?(?:(?P<affirmed>for|in favou?r|ayes?|"
    r"supporters|supporting)|(?P<declined>against|noes|nays?|opposed|opposing|opponents))"
    r"(?: \(?\d+\)?)?"
)
_ROLLS = (
    re.compile(rf"(?:^|(?<=[.;:(–—,] ))\W*{_LABEL}\s?: ", re.IGNORECASE),
    re.compile(
        rf"(?<=[;:] ){_LABEL}, (?!(?:as|at|because|but|for|if|in|since|then|though|although|until|"
        r"with|who|which|said)\b)",
        re.IGNORECASE,
    ),
)
# What ends a roll before a party, and what behind a party says that it stands in none.
_ROLL_ENDS = re.compile(
    r"[;!?]|\w:|\d,|\b(?:but|except|save|bar|while|whereas|without|because|since|although|though|"
    r"said|says|against|abstain\w*|absent|away|nays?|noes|is|are|was|were|has|have|had|will|would|"
    rf"did|does)\b|{_NO_ABBREVIATION}\.\s",
    re.IGNORECASE,
)
_NOT_CALLED = re.compile(r"[^,;.]{0,20}\b(?:abstain\w*|absent|away|not voting)\b", re.IGNORECASE)
# What was expected or meant, until the party turned: `had been tipped to refuse, yet it signed`.
_MEANT = (
    r"(?:promised|vowed|pledged|threatened|planned|been (?:widely |long )?(?:expected|tipped|ready|"
    r"willing|set|due|likely|thought|about))\b"
)
_ONCE = re.compile(
    rf"[^.;:,]{{0,12}}\bhad {_MEANT}[^.;:]{{0,120}}?"
    r"(?:, (?:but|yet) (?!(?:the|an?)\b|(?-i:[A-Z]))|\buntil\b)|"
    r"[^.;:,]{0,80}\blast (?:spring|summer|autumn|fall|winter|year|month|week)[;,] "
    r"(?:but )?this time\b",
    re.IGNORECASE,
)
# `Will not`, `has not`, `couldn’t`: the party's own verb, so near behind the party.
_DID_NOT = re.compile(
    r"[^.]{0,40}\b(?:will|would|has|have|did|does|do|is|are|was|were|wo|could|can) ?"
    r"n(?:ot|[’']t)\b",
    re.IGNORECASE,
)


def of_side(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence, the most probable first, without what opposes the side that a list asks for.

    All of it for a question that is no list or asks for no side.
    """
    asked = side(question)
    if not asked or form_of(question) != "list":
        return list(evidence)
    looked_at = [one for one in evidence[:MOST_EVIDENCE] if not opposes(asked, one)]
    return [*looked_at, *evidence[MOST_EVIDENCE:]]


def opposes(asked: str, evidence: Evidence) -> bool:
    """Whether the evidence's sentence says that its answer takes another side than is asked for.

    What leaves it open opposes nothing: the undecided have a place of their own in an answer.
    """
    start = evidence.quote.start
    party = Span(evidence.answer.start - start, evidence.answer.end - start)
    return side_taken(evidence.passage.slice(evidence.quote), party) not in ("", asked)


def side_taken(text: str, party: Span) -> str:
    """The side that a party takes: `affirmed` or `declined`; empty where it is open or not told."""
    called = _called(text, party)
    if called:
        return called
    if not any(words.search(text, party.end) for words in (_REFUSED, _LEAVING, _JOINED, _NEGATION)):
        return ""
    if _ONCE.match(text, party.end):
        return ""
    taken = _side(_deed(text, party))
    return "" if taken and is_open(text, party) else taken


def _called(text: str, party: Span) -> str:
    """The side that a roll names before the party, or an empty string."""
    before = text[: party.start]
    if not (":" in before or ";" in before) or _NOT_CALLED.match(text, party.end):
        return ""
    rolls = [found for roll in _ROLLS for found in roll.finditer(text, 0, party.start)]
    for found in sorted(rolls, key=lambda one: -one.end()):
        if _ROLL_ENDS.search(text, found.end(), party.start) is None:
            return found.lastgroup or ""
    return ""


def _side(deed: str) -> str:
    refused = _REFUSED.search(deed) or _LEAVING.search(deed, 0, OWN_VERB_CHARS)
    joined = _JOINED.search(deed)
    negated = _NEGATION.search(deed)
    if _BOTH.search(deed):
        return ""
    if refused:
        near = deed[max(0, refused.start() - NEGATION_REACH) : refused.start()]
        # `Sent ships that left the port`: whoever does that refuses nothing.
        joins_first = _AGREED.search(deed, 0, refused.start())
        return "" if joins_first or _NEGATION.search(near) else "declined"
    if negated is None:
        return "affirmed" if joined else ""
    if joined:
        return "declined" if negated.start() < joined.start() else ""
    return "declined" if _DID_NOT.match(deed) and not _LEAVING.search(deed) else ""


def _deed(text: str, party: Span) -> str:
    """What the clause says behind its party, up to the end of the sentence, without asides."""
    said = text[party.end : clause_of(text, party).end]
    ends = _SENTENCE_ENDS.search(said)
    said = said[: ends.start() + 1] if ends else said
    return _BEHIND.sub("", _ASIDE.sub(" ", said))
