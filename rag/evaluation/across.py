"""Measures of answers that read across sources: lists, polarity, speakers, differing values.

Each takes a gold question and a reply and gives a `Share`; `eval/README.md` defines them.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.evaluation.matching import Named, extra_words, fewest_extra_words, pair, words
from rag.evaluation.questions import GoldQuestion, Party
from rag.evaluation.replies import Reply, Statement
from rag.evaluation.scores import NOT_APPLICABLE, Share

# Kinds with one short answer, on which sources that agree should not be shown as differing. A
# list has many answers by nature, and the two sides of a yes-no question have a verdict.
_SINGLE_KINDS = ("fact", "who_said", "what_said", "number", "date", "place", "reason")
# Before a family name these are no given name of somebody else.
_TITLES = frozenset(
    "mr mrs ms miss dr prof sir dame lord lady professor doctor president minister premier "
    "chancellor ambassador governor mayor senator judge justice general admiral colonel captain "
    "commissioner secretary director chairman chairwoman chair chief executive spokesman "
    "spokeswoman spokesperson king queen prince princess bishop archbishop councillor".split()
)
_NAME_PARTICLES = frozenset("van von de der den del della da di dos du la le el al bin ben".split())


# Lists and polarity


def stated(question: GoldQuestion, reply: Reply) -> tuple[Statement, ...]:
    """What a reply gives as its answer: the claims, and `undecided` where that was asked for."""
    if question.polarity != "undecided":
        return reply.claims
    claimed = {words(claim.text) for claim in reply.claims}
    return (*reply.claims, *(u for u in reply.undecided if words(u.text) not in claimed))


def list_precision(question: GoldQuestion, reply: Reply) -> Share:
    """Items matched with a gold item, averaged over list questions; a refusal scores 0."""
    return _list_share(question, reply, len(stated(question, reply)))


def list_recall(question: GoldQuestion, reply: Reply) -> Share:
    """Gold items matched with an item, averaged over list questions."""
    return _list_share(question, reply, len(question.answers))


def list_f1(question: GoldQuestion, reply: Reply) -> Share:
    """The harmonic mean of a list's precision and recall, averaged over list questions."""
    return _list_share(question, reply, (len(stated(question, reply)) + len(question.answers)) / 2)


def _list_share(question: GoldQuestion, reply: Reply, out_of: float) -> Share:
    if question.kind != "list":
        return NOT_APPLICABLE
    found = len(pair([item.text for item in stated(question, reply)], question.answers))
    return Share(found / out_of if out_of else 0.0, 1)


def wrong_polarity(question: GoldQuestion, reply: Reply) -> Share:
    """Items that another polarity of the same matter holds, out of the items; lower is better."""
    if not question.others:
        return NOT_APPLICABLE
    items = [item.text for item in stated(question, reply)]
    return Share(sum(_is_of_another_polarity(question, item) for item in items), len(items))


def undecided_apart(question: GoldQuestion, reply: Reply) -> Share:
    """Undecided parties that are no claim and stand in `undecided`, out of all undecided ones.

    Over questions for who affirmed or declined, where the same matter has undecided parties.
    """
    parties = _undecided_parties(question)
    return Share(sum(_is_apart(party, reply) for party in parties), len(parties))


def undecided_not_claimed(question: GoldQuestion, reply: Reply) -> Share:
    """Undecided parties that are no claim of an answer; who refuses does not keep them apart."""
    parties = _undecided_parties(question)
    if not reply.answered:
        return Share(sum(_is_apart(party, reply) for party in parties), len(parties))
    return Share(sum(not _given(party, reply.claims) for party in parties), len(parties))


def _is_of_another_polarity(question: GoldQuestion, item: str) -> bool:
    """Whether a party of another polarity is nearer to an item than every right answer."""
    other = min(_extras(item, question.others), default=None)
    own = min(_extras(item, question.answers), default=None)
    return other is not None and (own is None or other < own)


def _extras(item: str, named: Sequence[Named]) -> list[int]:
    found = (fewest_extra_words(item, party) for party in named)
    return [extra for extra in found if extra is not None]


def _undecided_parties(question: GoldQuestion) -> tuple[Party, ...]:
    """The paired undecided parties; a party that changed sides and is a right answer is none."""
    if question.polarity not in ("affirmed", "declined"):
        return ()
    own = {words(wording) for answer in question.answers for wording in answer.accepted}
    return tuple(
        party
        for party in question.others
        if party.polarity == "undecided" and not own & {words(w) for w in party.accepted}
    )


def _is_apart(party: Party, reply: Reply) -> bool:
    return _given(party, reply.undecided) and not _given(party, reply.claims)


def _given(party: Party, statements: Sequence[Statement]) -> bool:
    return any(fewest_extra_words(statement.text, party) is not None for statement in statements)


# Speakers


def speaker_right(question: GoldQuestion, reply: Reply) -> Share:
    """Whether the first claim's speaker is the gold one; where none is given, who_said's text."""
    if question.kind not in ("who_said", "what_said"):
        return NOT_APPLICABLE
    if not reply.claims:
        return Share(0, 1)
    first, asked_who = reply.claims[0], question.kind == "who_said"
    said = first.speaker or (first.text if asked_who else "")
    right = any(names(said, speaker) for speaker in question.speaker.split(";"))
    if asked_who:
        right |= any(fewest_extra_words(said, answer) is not None for answer in question.answers)
    return Share(right, 1)


def names(said: str, speaker: str) -> bool:
    """Whether a mention names a speaker: in full, or by a person's family name, with a title.

    `Mr Pando` and `Pando` name Aurelio Pando; `Marta Pando` does not.
    """
    if extra_words(said, speaker) is not None:
        return True
    parts = speaker.split()
    if len(parts) < 2 or not all(_is_name_part(part) for part in parts):
        return False
    full, mention = words(speaker), words(said)
    if extra_words(said, parts[-1]) is None:
        return False
    before = mention[: mention.index(full[-1])] if full[-1] in mention else mention
    # What is left of the name in front of the family name: "Quispe" of Zulma Quispe Arroyo.
    return not before or before[-1] in _TITLES or before[-1] in full


def _is_name_part(part: str) -> bool:
    return part[0].isupper() or part in _NAME_PARTICLES


# Values that differ


def values_found(question: GoldQuestion, reply: Reply) -> Share:
    """Of the values that sources differ on, those that some claim gives; numbers only."""
    if not _differs(question):
        return NOT_APPLICABLE
    found = len(pair([claim.text for claim in reply.claims], question.answers))
    return Share(found, len(question.answers))


def all_values(question: GoldQuestion, reply: Reply) -> Share:
    """Whether every value that sources differ on is among the claims; numbers only."""
    found = values_found(question, reply)
    return Share(found.hits == found.total, 1) if found.total else NOT_APPLICABLE


def disagreement_shown(question: GoldQuestion, reply: Reply) -> Share:
    """Whether `disagreement` is true where sources give different numbers."""
    return Share(reply.disagreement, 1) if _differs(question) else NOT_APPLICABLE


def false_disagreement(question: GoldQuestion, reply: Reply) -> Share:
    """Whether `disagreement` is true on a single right answer; over answered; lower is better."""
    agreed = question.kind in _SINGLE_KINDS and len(question.answers) == 1
    return Share(reply.disagreement, 1) if agreed and reply.answered else NOT_APPLICABLE


def _differs(question: GoldQuestion) -> bool:
    return question.kind == "number" and len(question.answers) > 1


# Yes-no


def yesno_right(question: GoldQuestion, reply: Reply) -> Share:
    """Whether `verdict` is the gold label; an answer without one, and a refusal, is wrong."""
    if question.kind != "yesno":
        return NOT_APPLICABLE
    return Share(reply.answered and reply.verdict == question.yesno, 1)


def yesno_abstained(question: GoldQuestion, reply: Reply) -> Share:
    """Yes-no questions that were not answered; lower is better."""
    return Share(not reply.answered, 1) if question.kind == "yesno" else NOT_APPLICABLE
