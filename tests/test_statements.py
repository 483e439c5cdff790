"""All that a speaker says in passages, and the questions that ask for it."""

from __future__ import annotations

import pytest

from rag.question import understand
from rag.splitting import split_passages
from rag.statements import names_no_matter, statements
from rag.types import Document, Hit, Passage, Source


def said(speaker: str, text: str) -> list[str]:
    document = Document(Source("a.txt"), text)
    hits = [Hit(passage, 0.1, 0.5, 1.0) for passage in split_passages(document)]

    def whole(passage: Passage) -> str:
        assert passage.source.id == "a.txt"
        return text

    return [one.passage.slice(one.answer) for one in statements(speaker, hits, whole)]


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What did Ann Lee say?", True),
        ("what does mayor lee say", True),
        ("What else did Ms Lee say?", True),
        ("What did the union say?", True),
        ("What has the union said?", True),
        ("What else has Ann Lee said?", True),
        ("What has Ann Lee said about the port?", False),
        ("What did Ann Lee say about the port?", False),
        ("What did Ann Lee say on Monday?", False),
        ("What did Ann Lee deny?", False),
        ("What did Ann Lee not say?", False),
        ("What does Lee expect the mothers to say?", False),
        ("What is the port?", False),
        ("Who said it?", False),
    ],
)
def test_a_question_for_no_matter(question: str, asks: bool) -> None:
    assert names_no_matter(question, understand(question).speaker) is asks


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ann Lee said the debt is paid in full.", ["the debt is paid in full"]),
        ("Ann Lee has said before that the debt is paid.", ["the debt is paid"]),
        ("The debt is paid, Ann Lee told the FT last week.", ["The debt is paid"]),
        ("Ann Lee called it “a debt like no other”.", ["a debt like no other"]),
        (
            "“The debt is paid in full,” Ann Lee said. “We owe them nothing.”",
            ["The debt is paid in full", "We owe them nothing"],
        ),
        (
            "The four old boats, Ann Lee told the court, were all wet.",
            ["The four old boats, Ann Lee told the court, were all wet"],
        ),
        ("“I will resign,” Ann Lee said.", ["I will resign"]),
        (
            "Ann Lee said that the debt is paid, and Bo Kim said that the port is closed.",
            ["the debt is paid"],
        ),
        ("Ann Lee, who said the debt was paid, left for Rome on Monday.", ["the debt was paid"]),
        ("Ann Lee said the plan fails every test.", ["the plan fails every test"]),
        # No statement: a time or place, a thing that is told or written.
        ("In a letter dated 5 May, Ann Lee informed the tenants.", []),
        ("At the meeting in Lima on Monday, Ann Lee told a joke.", []),
        ("A week after the fire in the port, Ann Lee told her story.", []),
        ("When asked about the debt last week, Ann Lee told reporters.", []),
        ("Ann Lee wrote a book about the harbour in 1990.", []),
        ("Ann Lee said nothing about the plan on Monday.", []),
        ("Ann Lee’s claim that the port is closed surprised the whole town.", []),
        # Too short to stand alone, another's, denied, or the outlet's.
        ("Ann Lee called it “unfair”.", []),
        ("Bo Kim said the debt is paid in full.", []),
        ("Ann Lee denied that the debt was paid in full.", []),
        ("Ann Lee came to Lima with a full purse.", []),
        # Around the verb.
        (
            "The old boxes, Ann Lee said, were all wet.",
            ["The old boxes, Ann Lee said, were all wet"],
        ),
        ("Said that, Ann Lee said.", []),
        # The inner of two sayings is a part of the outer.
        (
            "Ann Lee said she had warned that the debt was too high.",
            ["she had warned that the debt was too high"],
        ),
    ],
)
def test_what_a_speaker_says(text: str, told: list[str]) -> None:
    assert said("Ann Lee", text) == told


@pytest.mark.parametrize(
    ("asked", "speaker", "by"),
    [
        ("Lee", "Ann Lee", True),
        ("Ann Lee", "Lee", True),
        ("Dr Lee", "Ann Lee", True),
        ("Ann Lee's mother", "Ann Lee", False),
        ("the mayor of Lima", "Lima", False),
        ("the EU commissioner", "The EU", False),
        ("Bo Lee", "Ann Lee", False),
    ],
)
def test_whose_statements_are_asked_for(asked: str, speaker: str, by: bool) -> None:
    told = said(asked, f"{speaker} said that the debt is paid.")
    assert told == (["the debt is paid"] if by else [])


def test_a_turn_of_an_interview_is_its_speakers() -> None:
    text = (
        "LEE: Is the port closed?\n\nKIM: The port is open. We paid the debt.\n\n"
        "LEE: Who paid it?\n\nKIM: All of us did.\n\nLEE: Thank you all."
    )
    assert said("Kim", text) == ["The port is open", "We paid the debt", "All of us did"]
