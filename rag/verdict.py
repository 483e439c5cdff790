"""Yes, no or unclear, from what the reader makes of a passage and from the words of its sentence.

The reader is weak at negation. Words tell less, but other things: whether the question and the
sentence are both negated, and whether the sentence leaves its matter open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.results import VERDICTS
from rag.stance import leaves_open
from rag.types import Evidence

# A verdict is read from this many of the best sentences, weighted by their probability.
SENTENCES = 3
# How often the words say yes, no, unclear where the answer is yes, no, unclear (the rows), counted
# on the gold sentences of the 440 yes-no questions of newsroom train.
LIKELIHOOD = ((84, 44, 17), (42, 120, 23), (5, 15, 90))

_NEGATION = re.compile(
    r"\b(?:no|not|never|nobody|none|nothing|neither|nor|without|den(?:y|ie[sd]|ying)|cannot|fail\w*|"
    r"stopp\w+ short|lack\w*|hardly|barely|exempt\w*|overrul\w*|withdr\w+|against|oppos\w*|"
    r"reject\w*|refus\w*|declin\w*|rul\w+ out|(?:turn|vot)e?(?:ed)? (?:it |them |the \w+ )?down|"
    r"pull\w* out|kept out|stay\w* (?:out|away)|dropp\w+ out|cancel\w*|wrong|false|untrue)\b|"
    r"n[’']t\b",
    re.IGNORECASE,
)


def verdict(question: str, evidence: Sequence[Evidence]) -> str:
    """The verdict of the best evidence together; empty where the reader does not tell."""
    votes = [0.0] * len(VERDICTS)
    for one in evidence[:SENTENCES]:
        if one.verdict is None:
            continue
        worded = VERDICTS.index(wording(question, one.passage.slice(one.quote)))
        chances = [
            read * counts[worded] / sum(counts)
            for read, counts in zip(one.verdict, LIKELIHOOD, strict=True)
        ]
        for place, chance in enumerate(chances):
            votes[place] += one.probability * chance / sum(chances)
    return VERDICTS[votes.index(max(votes))] if any(votes) else ""


def wording(question: str, sentence: str) -> str:
    """What the words alone say: `yes` where question and sentence are both negated, or neither."""
    if leaves_open(sentence):
        return "unclear"
    negated = [_NEGATION.search(text) is not None for text in (question, sentence)]
    return "yes" if negated[0] == negated[1] else "no"
