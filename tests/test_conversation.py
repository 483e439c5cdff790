from __future__ import annotations

import pytest

from rag.conversation import rewrite


@pytest.mark.parametrize(
    ("last", "asked", "expected"),
    [
        # A name, a party or a time in place of its counterpart.
        ("Did France sign the pact?", "And Germany?", "Did Germany sign the pact?"),
        ("Did France sign the pact?", "What about Italy?", "Did Italy sign the pact?"),
        (
            "How many troops did France send?",
            "And Germany?",
            "How many troops did Germany send?",
        ),
        ("How many games did Chelsea win?", "And Arsenal?", "How many games did Arsenal win?"),
        ("Why did Ida Holm resign?", "And Tom Weiss?", "Why did Tom Weiss resign?"),
        (
            "What is the default timeout?",
            "How do I change it?",
            "How do I change the default timeout?",
        ),
        ("WHO SIGNED THE PACT?", "AND BRAZIL?", "Is BRAZIL among those who SIGNED THE PACT?"),
        ("What does the Team plan cost?", "And the Solo plan?", "What does the Solo plan cost?"),
        (
            "Did the council buy a pump?",
            "And the bees?",
            "Did the council buy a pump in the case of the bees?",
        ),
        ("How many died in Lima?", "And in Cusco?", "How many died in Cusco?"),
        ("How many died on Monday?", "And in Cusco?", "How many died on Monday in Cusco?"),
        ("What was France's answer?", "And Spain?", "What was Spain's answer?"),
        (
            "Did the employers accept the offer?",
            "And the unions?",
            "Did the unions accept the offer?",
        ),
        (
            "Are the doctors going on strike?",
            "What about the nurses?",
            "Are the nurses going on strike?",
        ),
        ("Which companies backed the plan?", "And the unions?", "Which unions backed the plan?"),
        (
            "How many troops did France send in 2022?",
            "And in 2023?",
            "How many troops did France send in 2023?",
        ),
        (
            "How many cars did the firm sell?",
            "And in 2023?",
            "How many cars did the firm sell in 2023?",
        ),
        ("What happened on Thursday?", "And on Friday?", "What happened on Friday?"),
        ("Did France leave the talks?", "Did Italy do the same?", "Did Italy leave the talks?"),
        # No counterpart.
        (
            "Which countries declined to send troops?",
            "And Germany?",
            "Is Germany among the countries that declined to send troops?",
        ),
        ("Who refused to sign?", "And Kenya?", "Is Kenya among those who refused to sign?"),
        (
            "Which towns did the flood reach?",
            "And Ashby?",
            "Which towns did the flood reach, and is Ashby among them?",
        ),
        (
            "When does the ferry start?",
            "And in Norway?",
            "When does the ferry start in Norway?",
        ),
        (
            "What did the French president say about tariffs?",
            "What about Britain?",
            "What did the French president say about tariffs in the case of Britain?",
        ),
        # A question word alone.
        ("Did France sign the pact?", "Why?", "Why did France sign the pact?"),
        ("Did France sign the pact?", "And when was that?", "When did France sign the pact?"),
        ("Did Spain join?", "Why not?", "Why didn’t Spain join?"),
        ("When did Lee meet Kim?", "Where?", "Where did Lee meet Kim?"),
        (
            "How many troops did France send to Mali?",
            "When?",
            "When did France send troops to Mali?",
        ),
        ("Who signed the pact?", "When?", "When was it that somebody signed the pact?"),
        ("Which firms closed?", "Why?", "Why is it that firms closed?"),
        ("Which firms closed?", "How many?", "How many firms closed?"),
        (
            "Did France send troops to Mali?",
            "How many?",
            "How many troops did France send to Mali?",
        ),
        ("When was the festival held?", "Where was it?", "Where was the festival held?"),
        ("What did the museum sell?", "Why?", "What did the museum sell, and why?"),
        # The others.
        ("Who signed the pact?", "Who else?", "Who else signed the pact?"),
        ("Which countries declined?", "Who else?", "Which other countries declined?"),
        ("Has France signed the pact?", "Who else?", "Who besides France has signed the pact?"),
        # Pronouns.
        ("Did Mayor Lee resign?", "What did he say?", "What did Mayor Lee say?"),
        ("Did the coach resign?", "What did she say?", "What did the coach say?"),
        (
            "Did Ida Holm sign the pact?",
            "What did she say about it?",
            "What did Ida Holm say about the pact?",
        ),
        ("Who is Tom Weiss?", "What is his plan?", "What is Tom Weiss’s plan?"),
        (
            "Which countries backed the pact?",
            "Did they sign it?",
            "Did the countries sign the pact?",
        ),
        ("Did Lee and Kim meet?", "Where did they talk?", "Where did Lee and Kim talk?"),
        ("When does the museum open?", "What does it cost?", "What does the museum cost?"),
        ("Did Germany refuse the offer?", "Why did it refuse?", "Why did Germany refuse?"),
        # A participle is no part of what it is said of.
        ("When was the law passed?", "Why was it passed?", "Why was the law passed?"),
        (
            "Why was the match cancelled?",
            "When will it be played?",
            "When will the match be played?",
        ),
        ("When was the seed sown?", "Where was it sold?", "Where was the seed sold?"),
        # `The` belongs to some countries, and to others not.
        ("Did the US agree?", "And the UK?", "Did the UK agree?"),
        ("Did France agree?", "And the United States?", "Did the United States agree?"),
        ("Did the UK sign the pact?", "And France?", "Did France sign the pact?"),
        ("Did the UK sign the pact?", "And Netherlands?", "Did the Netherlands sign the pact?"),
        ("What was Lee’s proposal?", "And Kim’s?", "What was Kim’s proposal?"),
        (
            "Which nations agreed to send forces?",
            "But not Germany?",
            "Is Germany among the nations that agreed to send forces?",
        ),
        # What stands behind the same preposition is the counterpart.
        (
            "How much is a ticket for adults?",
            "And for students?",
            "How much is a ticket for students?",
        ),
        (
            "What did Lee say about the café in May?",
            "And about sandwiches?",
            "What did Lee say about sandwiches in May?",
        ),
        (
            "Which countries in Europe signed in May?",
            "And in Asia?",
            "Which countries in Asia signed in May?",
        ),
        ("How much is the rent?", "And the deposit?", "How much is the deposit?"),
        # The name is of the body, the office of a person.
        (
            "Who is the finance director of Norrland Bearings?",
            "When will he retire?",
            "When will the finance director of Norrland Bearings retire?",
        ),
        (
            "When did Ida Holm, the head of Orbis, resign?",
            "Why did she resign?",
            "Why did Ida Holm resign?",
        ),
        ("WHERE IS THE MILL?", "WHEN WAS IT BUILT?", "WHEN WAS THE MILL BUILT?"),
    ],
)
def test_follow_ups(last: str, asked: str, expected: str) -> None:
    assert rewrite(asked, [last]) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Did Germany say it would sign?",
        "Is it true that Italy declined?",
        "Which unions said they would strike?",
        "How long does it take to cross?",
        "What did Lee say about his plan?",
        "Did the minister say why he resigned?",
        "Who said she would leave?",
        "And which countries declined?",
        "Was it Lee who resigned?",
        "Why did France sign?",
        "What about the plan did the unions dislike most?",
        "Did Washington press Estonia as well?",
        "Which of its banks did Orbis sell?",
        "When will travellers hear whether their plane is cancelled?",
        "Who else signed the pact?",
        "states that want nothing to do with it or stopped using it",
        "How many towns are there?",
        "What is the IT budget?",
        "And then?",
        "And now?",
    ],
)
def test_questions_that_stand_alone(question: str) -> None:
    assert rewrite(question, ["Did Kenya back the port deal?"]) == question


def test_the_first_question_has_nothing_before_it() -> None:
    assert rewrite("And Germany?", []) == "And Germany?"


def test_a_person_named_only_in_the_answer() -> None:
    answers = ["Ken Adams, the mayor, resigned."]
    assert rewrite("What did he say?", ["Who resigned?"], answers) == "What did Ken Adams say?"
    assert rewrite("What did he say?", ["Who resigned?"]) == "What did he say?"


def test_a_person_named_two_questions_before() -> None:
    previous = ["Did Ida Holm resign?", "When was the vote?"]
    assert rewrite("What did she say?", previous) == "What did Ida Holm say?"


def test_a_country_is_not_he() -> None:
    assert rewrite("What did he say?", ["Did France sign?"]) == "What did he say?"


def test_a_chain_of_follow_ups() -> None:
    previous = ["How many troops did France send?"]
    for asked in ("And Germany?", "When?"):
        previous.append(rewrite(asked, previous))
    assert previous[1:] == ["How many troops did Germany send?", "When did Germany send troops?"]
