from __future__ import annotations

import pytest

from rag.language import expected_kind, is_list, is_stop_word, is_yes_no


@pytest.mark.parametrize(
    "question",
    [
        "Which countries declined?",
        "which nations agreed to join?",
        "What cities did they visit?",
        "Which of the parties voted against?",
        "Name all towns on the river.",
        "List the members.",
        "Which two clubs refused?",
        "What people were invited?",
        "Who are the candidates?",
        "In which provinces does it rain?",
        "Who refused to sign?",
        "who is not sending ships",
        "Could you tell me which towns flooded?",
        "Could you name the towns?",
        "islands that lost a boat",
    ],
)
def test_list_questions(question: str) -> None:
    assert is_list(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which country declined?",
        "What was the reason?",
        "What does the bridge cost?",
        "What is the status of the talks?",
        "Who said so?",
        "What series did she write?",
        "What did the ministers say?",
        "How many towns are there?",
        "Which bus is it?",
        "What share of votes was it?",
        "Which firm makes the ferry?",
        "Who is the mayor?",
        "What happened in his class?",
    ],
)
def test_single_questions(question: str) -> None:
    assert not is_list(question)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Did the council agree?", True),
        ("is it open", True),
        ("And will they come?", True),
        ("Hasn’t the law passed?", True),
        ("Was it red or blue?", False),
        ("Is it true or not?", True),
        ("When did it open?", False),
        ("Could you tell me who spoke?", False),
        ("Could you list the towns?", False),
        ("Who was there?", False),
    ],
)
def test_yes_no_questions(question: str, expected: bool) -> None:
    assert is_yes_no(question) is expected


def test_stop_words() -> None:
    assert is_stop_word("us")
    assert not is_stop_word("US")
    assert is_stop_word("The")
    assert not is_stop_word("bridge")


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("How many came?", "About 40 people came.", True),
        ("How many came?", "Two dozen came.", True),
        ("How many came?", "People came.", False),
        ("When was it built?", "It was built in May.", True),
        ("When was it built?", "It was built by monks.", False),
        ("Why did he leave?", "He left because of rain.", True),
        ("Why did he leave?", "He left early.", False),
        ("Who built it?", "It was built by Ida Holm.", True),
        ("Who built it?", "It was built by monks.", False),
        ("What did she say?", "“It is late,” she said.", True),
    ],
)
def test_the_kind_of_answer_expected(question: str, sentence: str, holds: bool) -> None:
    kind = expected_kind(question)
    assert kind is not None
    assert (kind.search(sentence) is not None) is holds


def test_a_question_of_no_known_kind() -> None:
    assert expected_kind("Tell me of the bridge") is None
