"""Measures across sources, each on a case of 1, one of 0 and one in between, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.evaluation import across as m
from rag.evaluation.questions import GoldAnswer, GoldQuestion, GoldSpan, Party
from rag.evaluation.replies import Cited, Reply, Statement
from rag.evaluation.scores import NOT_APPLICABLE, Share

REFUSAL = Reply(answered=False, confidence=0.1)
CITED = Cited("a.txt", 0, 2, "ab")
GREECE = Party("undecided", "Greece", ("Athens",))
MALTA = Party("undecided", "Malta", ())
BRITAIN = Party("affirmed", "United Kingdom", ("Britain",))


def gold(kind: str, *answers: str, polarity: str = "", **more: str) -> GoldQuestion:
    items = tuple(GoldAnswer(text, (), (GoldSpan("a.txt", 0, 2, "ab"),)) for text in answers)
    return GoldQuestion("q", "dev", "?", kind, items, polarity=polarity, **more)


def reply(*claims: str, undecided: tuple[str, ...] = (), speaker: str = "") -> Reply:
    return Reply(
        True,
        0.9,
        tuple(Statement(text, (CITED,), speaker) for text in claims),
        (CITED,),
        undecided=tuple(Statement(text, (CITED,)) for text in undecided),
    )


DECLINED = replace(
    gold("list", "Italy", "United States", polarity="declined"), others=(BRITAIN, GREECE, MALTA)
)
UNDECIDED = replace(
    gold("list", "Greece", "Malta", polarity="undecided"),
    others=(Party("declined", "Italy", ("Rome",)),),
)
MEASURES = (
    m.list_f1,
    m.wrong_polarity,
    m.undecided_apart,
    m.undecided_not_claimed,
    m.speaker_right,
    m.values_found,
    m.all_values,
    m.disagreement_shown,
    m.false_disagreement,
    m.yesno_right,
    m.yesno_abstained,
)


def test_lists() -> None:
    question = gold("list", "Italy", "United States", "Spain")
    answer = reply("Italy", "Germany", "Italy", "the United States")
    assert m.list_precision(question, answer).value == pytest.approx(2 / 4)
    assert m.list_recall(question, answer).value == pytest.approx(2 / 3)
    assert m.list_f1(question, answer).value == pytest.approx(2 * (1 / 2) * (2 / 3) / (7 / 6))
    full, nothing = reply("Spain", "Italy", "United States"), reply("Germany")
    for measure in (m.list_precision, m.list_recall, m.list_f1):
        assert measure(question, full) == Share(1, 1)
        assert measure(question, nothing) == measure(question, REFUSAL) == Share(0, 1)
        assert measure(gold("fact", "Italy"), answer) == NOT_APPLICABLE


def test_the_undecided_are_items_only_where_they_are_asked_for() -> None:
    both = reply("Italy", undecided=("Greece", "Malta"))
    assert m.list_f1(gold("list", "Italy", polarity="declined"), both) == Share(1, 1)
    # Italy, Greece and Malta against Greece and Malta: 2 · 2 / (3 + 2)
    assert m.list_f1(UNDECIDED, both).value == pytest.approx(4 / 5)
    only = replace(both, claims=())
    assert m.list_f1(UNDECIDED, only) == Share(1, 1)
    # One party in both places is one item.
    assert m.list_f1(UNDECIDED, reply("Greece", undecided=("Greece", "Malta"))) == Share(1, 1)


def test_wrong_polarity() -> None:
    assert m.wrong_polarity(DECLINED, reply("Britain", "Athens")) == Share(2, 2)
    assert m.wrong_polarity(DECLINED, reply("Italy", "the United States")) == Share(0, 2)
    # Germany is wrong, but of no polarity; a party that stands in `undecided` is no item.
    answer = reply("Italy", "Britain", "Germany", undecided=("Greece",))
    assert m.wrong_polarity(DECLINED, answer) == Share(1, 3)
    assert m.wrong_polarity(UNDECIDED, reply("Malta", undecided=("Rome",))) == Share(1, 2)
    assert m.wrong_polarity(DECLINED, REFUSAL) == NOT_APPLICABLE
    assert m.wrong_polarity(replace(DECLINED, others=()), answer) == NOT_APPLICABLE


def test_an_item_is_of_the_polarity_that_names_it_closer() -> None:
    others = (Party("affirmed", "Korea", ()),)
    question = replace(gold("list", "North Korea", polarity="declined"), others=others)
    assert m.wrong_polarity(question, reply("North Korea", "Korea")) == Share(1, 2)


def test_undecided_apart() -> None:
    assert m.undecided_apart(DECLINED, reply("Italy", undecided=("Athens", "Malta"))) == Share(2, 2)
    mixed_in = reply("Italy", "Greece", "Malta", undecided=("Greece",))
    assert m.undecided_apart(DECLINED, mixed_in) == Share(0, 2)
    assert m.undecided_apart(DECLINED, reply("Italy", undecided=("Greece",))) == Share(1, 2)
    assert m.undecided_apart(DECLINED, REFUSAL) == Share(0, 2)
    assert m.undecided_apart(UNDECIDED, mixed_in) == NOT_APPLICABLE
    assert m.undecided_apart(replace(DECLINED, others=(BRITAIN,)), mixed_in) == NOT_APPLICABLE


def test_undecided_not_claimed() -> None:
    assert m.undecided_not_claimed(DECLINED, reply("Italy")) == Share(2, 2)
    assert m.undecided_not_claimed(DECLINED, reply("Malta", "Athens")) == Share(0, 2)
    assert m.undecided_not_claimed(DECLINED, reply("Malta", "Italy")) == Share(1, 2)
    assert m.undecided_not_claimed(DECLINED, REFUSAL) == Share(0, 2)
    told = replace(REFUSAL, undecided=(Statement("Greece", (CITED,)),))
    assert m.undecided_not_claimed(DECLINED, told) == Share(1, 2)


def test_a_party_that_changed_sides_need_not_be_apart() -> None:
    question = replace(DECLINED, others=(Party("undecided", "USA", ("United States",)), MALTA))
    assert m.undecided_apart(question, reply("United States", undecided=("Malta",))) == Share(1, 1)


@pytest.mark.parametrize(
    ("said", "speaker", "right"),
    [
        ("Aurelio Pando", "Aurelio Pando", True),
        ("Foreign Minister Aurelio Pando", "Aurelio Pando", True),
        ("Pando", "Aurelio Pando", True),
        ("Mr Pando", "Aurelio Pando", True),
        ("Foreign Minister Pando", "Aurelio Pando", True),
        ("Quispe Arroyo", "Zulma Quispe Arroyo", True),
        ("Le Bihan", "Soazig Le Bihan", True),
        ("Marta Pando", "Aurelio Pando", False),
        ("Aurelio", "Aurelio Pando", False),
        ("the ministry", "Turkmenistan’s foreign ministry", False),
        ("Turkmenistan's foreign ministry", "Turkmenistan’s foreign ministry", True),
        ("", "Aurelio Pando", False),
    ],
)
def test_names(said: str, speaker: str, right: bool) -> None:
    assert m.names(said, speaker) is right


def test_speaker_right() -> None:
    who = gold("who_said", "Aurelio Pando", speaker="Aurelio Pando")
    assert m.speaker_right(who, reply("It has a name", speaker="Pando")) == Share(1, 1)
    assert m.speaker_right(who, reply("Aurelio Pando")) == Share(1, 1)
    # A speaker goes before the text, and the first claim before the others.
    assert m.speaker_right(who, reply("Aurelio Pando", speaker="Ann Lee")) == Share(0, 1)
    assert m.speaker_right(who, reply("Ann Lee", "Aurelio Pando")) == Share(0, 1)
    assert m.speaker_right(who, REFUSAL) == Share(0, 1)
    what = gold("what_said", "It has a name", speaker="Aurelio Pando; Ann Lee")
    assert m.speaker_right(what, reply("It has a name", speaker="Ms Lee")) == Share(1, 1)
    assert m.speaker_right(what, reply("Aurelio Pando")) == Share(0, 1)
    assert m.speaker_right(gold("fact", "Aurelio Pando"), REFUSAL) == NOT_APPLICABLE
    named = gold("who_said", "the mayor", speaker="Aurelio Pando")
    assert m.speaker_right(named, reply("x", speaker="the mayor")) == Share(1, 1)


def test_values() -> None:
    question = gold("number", "26", "two dozen", "more than two dozen")
    assert m.values_found(question, reply("more than two dozen")) == Share(1, 3)
    answer = reply("26 states", "two dozen", "27")
    assert m.values_found(question, answer) == Share(2, 3)
    assert m.all_values(question, answer) == Share(0, 1)
    assert m.all_values(question, reply("26", "more than two dozen", "two dozen")) == Share(1, 1)
    assert m.values_found(question, REFUSAL) == Share(0, 3)
    assert m.all_values(question, REFUSAL) == Share(0, 1)
    for measure in (m.values_found, m.all_values, m.disagreement_shown):
        assert measure(gold("number", "26"), answer) == NOT_APPLICABLE


def test_disagreement() -> None:
    differ, one = gold("number", "26", "two dozen"), gold("date", "May 3")
    shown, hidden = replace(reply("26", "24"), disagreement=True), reply("26")
    assert m.disagreement_shown(differ, shown) == Share(1, 1)
    assert m.disagreement_shown(differ, hidden) == Share(0, 1)
    assert m.disagreement_shown(differ, REFUSAL) == Share(0, 1)
    assert m.false_disagreement(one, shown) == Share(1, 1)
    assert m.false_disagreement(one, hidden) == Share(0, 1)
    left_out = (differ, gold("reason", "a", "b"), gold("list", "a"), gold("none"))
    for question in (*left_out, gold("yesno", "no", yesno="no")):
        assert m.false_disagreement(question, shown) == NOT_APPLICABLE
    assert m.false_disagreement(one, REFUSAL) == NOT_APPLICABLE


def test_yesno() -> None:
    question = gold("yesno", "no", yesno="no")
    assert m.yesno_right(question, replace(reply("x"), verdict="no")) == Share(1, 1)
    assert m.yesno_right(question, replace(reply("x"), verdict="unclear")) == Share(0, 1)
    assert m.yesno_right(question, reply("No")) == Share(0, 1)  # no verdict, as of an older system
    assert m.yesno_right(question, replace(REFUSAL, verdict="no")) == Share(0, 1)
    assert m.yesno_abstained(question, REFUSAL) == Share(1, 1)
    assert m.yesno_abstained(question, reply("x")) == Share(0, 1)
    assert m.yesno_right(gold("fact", "no"), REFUSAL) == NOT_APPLICABLE
    assert m.yesno_abstained(gold("fact", "no"), REFUSAL) == NOT_APPLICABLE


@pytest.mark.parametrize("measure", MEASURES)
def test_nothing_applies_to_an_unanswerable_question(measure: object) -> None:
    assert callable(measure)
    for answer in (REFUSAL, Reply.nothing(), reply("x")):
        assert measure(gold("none"), answer) == NOT_APPLICABLE
