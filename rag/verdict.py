"""Yes, no or unclear, from what the reader makes of a passage and from the words of its sentence.

The reader is weak at negation. Words tell less, but other things: whether the question and the
sentence are both negated, and whether the sentence leaves its matter open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.results import VERDICTS
from rag.stance import leaves_open
from rag.types import Evidence

# A verdict is read from this many of the best sentences, weighted by their probability.
SENTENCES = 3
# How often the words say yes, no, unclear where the answer is yes, no, unclear (the rows), counted
# on the gold sentences of the 440 yes-no questions of newsroom train.
LIKELIHOOD = ((83, 45, 17), (42, 120, 23), (5, 15, 90))

_NEGATION = re.compile(
    r"\b(?:no|not|never|nobody|none|nothing|neither|nor|without|den(?:y|ie[sd]|ying)|cannot|fail\w*|"
    r"stopp\w+ short|lack\w*|hardly|barely|exempt\w*|overrul\w*|withdr\w+|against|oppos\w*|"
    r"reject\w*|refus\w*|declin\w*|rul\w+ out|(?:turn|vot)e?(?:ed)? (?:it |them |the \w+ )?down|"
    r"prohibit\w*|forb[ai]d\w*|ban(?:s|ned)?|illegal|unlawful|off[- ]limits|"
    r"pull\w* out|kept out|stay\w* (?:out|away)|dropp\w+ out|cancel\w*|wrong|false|untrue)\b|"
    r"n[’']t\b",
    re.IGNORECASE,
)
# What is one of two is not the other; asked and told, they turn the answer round like a negation.
_OPPOSITES = tuple(
    tuple(re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in pair)
    for pair in (
        (r"opens?|opened|opening", r"clos(?:e|es|ed|ing)|shut"),
        (r"r(?:ise|ises|ose|isen|ising)|increas\w+|grow\w*|grew|higher|up",
         r"f(?:all|alls|ell|allen|alling)|decreas\w+|dropp?\w*|shrink\w*|shrank|lower|down"),
        (r"w(?:in|ins|on|inning)", r"los(?:e|es|ing|t)"),
        (r"alive|surviv\w+", r"dead|died|dies|killed"),
        (r"rais(?:e|es|ed|ing)", r"cuts?|cutting|lower(?:s|ed|ing)?|reduc\w+"),
    )
)  # fmt: skip
# Open `on Saturdays only`: on Sundays it is not.
_DAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day")
_ONLY = re.compile(r"\bonly\b", re.IGNORECASE)


def verdict(
    question: str,
    evidence: Sequence[Evidence],
    lead: Callable[[Evidence], str] = lambda _: "",
) -> str:
    """The verdict of the best evidence together; empty where the reader does not tell.

    `lead` gives the line that leads to a sentence that is an item of a list: its words count too.
    """
    votes = [0.0] * len(VERDICTS)
    for one in evidence[:SENTENCES]:
        if one.verdict is None:
            continue
        worded = VERDICTS.index(wording(question, f"{lead(one)} {one.passage.slice(one.quote)}"))
        chances = [
            read * counts[worded] / sum(counts)
            for read, counts in zip(one.verdict, LIKELIHOOD, strict=True)
        ]
        for place, chance in enumerate(chances):
            votes[place] += one.probability * chance / sum(chances)
    return VERDICTS[votes.index(max(votes))] if any(votes) else ""


def wording(question: str, sentence: str) -> str:
    """What the words alone say: `yes` where question and sentence are both negated, or neither.

    What is the opposite of what is asked about counts as negated.
    """
    if leaves_open(sentence):
        return "unclear"
    negated = [_NEGATION.search(text) is not None for text in (question, sentence)]
    turned = (negated[0] != negated[1]) != _are_opposites(question, sentence)
    return "no" if turned else "yes"


def _are_opposites(question: str, sentence: str) -> bool:
    """Whether a question asks of one thing and its sentence tells of the opposite alone."""
    for one, other in _OPPOSITES:
        asked, told = (
            (one.search(text) is not None, other.search(text) is not None)
            for text in (question, sentence)
        )
        if asked != told and asked[0] != asked[1] and told[0] != told[1]:
            return True
    days = [set(_DAY.findall(text.lower())) for text in (question, sentence)]
    return all(days) and days[0].isdisjoint(days[1]) and _ONLY.search(sentence) is not None
