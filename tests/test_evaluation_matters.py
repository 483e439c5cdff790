"""Lists of one event that ask about the same matter are paired."""

from __future__ import annotations

from rag.evaluation.matters import matters, with_others
from rag.evaluation.questions import GoldAnswer, GoldQuestion, GoldSpan, Party


def listed(row_id: str, polarity: str, question: str, **answers: int) -> GoldQuestion:
    """A list whose answers have their evidence in the ten characters from the given place on."""
    items = tuple(
        GoldAnswer(text, (), (GoldSpan("a.txt", start, start + 10, "x" * 10),))
        for text, start in answers.items()
    )
    kind = "list" if polarity else "fact"
    return GoldQuestion(row_id, "dev", question, kind, items, polarity=polarity)


def ids(questions: list[GoldQuestion]) -> list[list[str]]:
    return [[question.id for question in matter] for matter in matters(questions)]


def test_polarities_in_a_row_are_one_matter_until_one_comes_again() -> None:
    questions = [
        listed("1", "affirmed", "Who signed?", Italy=0),
        listed("2", "declined", "Who refused?", Spain=100),
        listed("3", "", "When was it?", May=300),
        listed("4", "undecided", "Who waits?", Malta=200),
        listed("5", "affirmed", "Which fruits?", Apples=400),
    ]
    assert ids(questions) == [["1", "2", "4"], ["5"]]
    first, second, fact, third, alone = with_others(questions)
    assert first.others == (Party("declined", "Spain", ()), Party("undecided", "Malta", ()))
    assert second.others == (Party("affirmed", "Italy", ()), Party("undecided", "Malta", ()))
    assert third.others == (Party("affirmed", "Italy", ()), Party("declined", "Spain", ()))
    assert (fact.others, alone.others) == ((), ())


def test_what_two_lists_have_in_common_goes_before_their_order() -> None:
    def joined(last: GoldQuestion) -> list[list[str]]:
        patrol = listed("1", "affirmed", "Which countries send ships to the patrol?", Italy=0)
        tax = listed("2", "affirmed", "Which towns pay the tax?", Rome=500)
        return ids([patrol, tax, last])

    # To be the latest counts one, so that two things in common outweigh it.
    subject = "Who refused to patrol?"
    assert joined(listed("3", "declined", "Who refused?", Spain=900)) == [["1"], ["2", "3"]]
    assert joined(listed("3", "declined", subject, Spain=900)) == [["1"], ["2", "3"]]
    assert joined(listed("3", "declined", subject, Spain=11)) == [["1", "3"], ["2"]]
    assert joined(listed("3", "declined", subject, Italy=900)) == [["1", "3"], ["2"]]
    assert joined(listed("3", "declined", subject, Spain=12)) == [["1"], ["2", "3"]]


def test_a_party_that_changed_sides_is_no_other() -> None:
    questions = [
        listed("1", "affirmed", "Who signed at first?", Italy=0, Spain=50),
        listed("2", "declined", "Who refused?", Spain=100, Malta=150),
    ]
    first, second = with_others(questions)
    assert first.others == (Party("declined", "Malta", ()),)
    assert second.others == (Party("affirmed", "Italy", ()),)
