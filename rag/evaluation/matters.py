"""Pairs the list questions of one event that ask about the same matter in different polarities.

"Which countries signed?", "who refused?" and "Who has yet to decide?" belong together: a party that
refused is wrong in the first list, and an undecided one is to be shown apart from it. The event
files do not say so, but list their questions matter by matter; `eval/README.md` states the rule and
how often it is right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.evaluation.matching import words
from rag.evaluation.questions import GoldQuestion, Party

# Words that questions about different matters share: they ask, count, or say the polarity.
_NO_SUBJECT = frozenset(
    "which what who whose whom where how many any there that this their its his her they them "
    "these those for from with about the and are was were been has have had does did not yet still "
    "would will could can only than before after until whether out off you tell please list name "
    "agree agreed join joined sign signed support supported back backed accept accepted refuse "
    "refused decline declined reject rejected oppose opposed said say says against favour part "
    "take taking took turned want wants nothing made make mind minds decide decided undecided "
    "decision condition conditions attach set stay stayed staying outside country countries "
    "government governments state states besides more end side".split()
)
_SHORTEST_SUBJECT = 3  # shorter words are function words
_STEM = 5  # letters; `sanctions` and `sanctioned`, `refugee` and `refugees` are one subject
_NEIGHBOURS = 1  # characters between sentences that stand next to each other


def with_others(questions: Sequence[GoldQuestion]) -> list[GoldQuestion]:
    """The questions of one event, each list with the parties of the other polarities it has.

    A party that is a right answer of the question too, since it changed sides, is left out.
    """
    others = {
        question.id: _others(question, matter)
        for matter in matters(questions)
        for question in matter
    }
    return [replace(question, others=others.get(question.id, ())) for question in questions]


def matters(questions: Sequence[GoldQuestion]) -> list[list[GoldQuestion]]:
    """Group the lists that have a polarity by what they are about, in their order.

    A list joins the matter that has no list of its polarity yet and most in common with it: to be
    the latest matter, a subject word of a question, an accepted answer, and evidence in the same
    or the next sentence count one each; the later one wins a tie. It opens a new matter where it
    has nothing in common with any.
    """
    found: list[list[GoldQuestion]] = []
    for question in questions:
        if question.kind != "list" or not question.polarity:
            continue
        scored = [
            (_in_common(question, matter) + (matter is found[-1]), number)
            for number, matter in enumerate(found)
            if all(other.polarity != question.polarity for other in matter)
        ]
        score, best = max(scored, default=(0, 0))
        if score:
            found[best].append(question)
        else:
            found.append([question])
    return found


def _others(question: GoldQuestion, matter: Sequence[GoldQuestion]) -> tuple[Party, ...]:
    own = _wordings(question)
    return tuple(
        Party(other.polarity, answer.text, answer.aliases)
        for other in matter
        if other.polarity != question.polarity
        for answer in other.answers
        if not own & {words(wording) for wording in answer.accepted}
    )


def _in_common(question: GoldQuestion, matter: Sequence[GoldQuestion]) -> int:
    subjects = any(_subjects(question) & _subjects(other) for other in matter)
    answers = any(_wordings(question) & _wordings(other) for other in matter)
    return subjects + answers + any(_near(question, other) for other in matter)


def _subjects(question: GoldQuestion) -> set[str]:
    found = re.findall(r"\w+", question.question.lower())
    return {w[:_STEM] for w in found if w not in _NO_SUBJECT and len(w) >= _SHORTEST_SUBJECT}


def _wordings(question: GoldQuestion) -> set[tuple[str, ...]]:
    return {words(wording) for answer in question.answers for wording in answer.accepted}


def _near(question: GoldQuestion, other: GoldQuestion) -> bool:
    return any(
        a.document == b.document and max(a.start, b.start) <= min(a.end, b.end) + _NEIGHBOURS
        for a in question.evidence
        for b in other.evidence
    )
