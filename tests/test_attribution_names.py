"""Speakers whom another report introduces, behind descriptions, and in clauses of their own."""

from __future__ import annotations

import pytest

from rag.discourse.attribution import attribution
from rag.discourse.mentions import bare_surname
from rag.discourse.people import has_role
from rag.discourse.quotations import neighbourhood
from rag.types import Span

KIM = "The bill came late, said Bo Kim. "


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def said(text: str, words: str) -> str:
    found = attribution(text, at(text, words))
    return found.speaker if found else ""


@pytest.mark.parametrize(
    ("before", "speaker"),
    [
        ("Hollin told the hall.", "Hollin"),
        ("Hollin was asked about it.", "Hollin"),
        ("Minns, who had come by boat, was asked about it.", "Minns"),
        # A singular verb alone does not make a person, but being a name elsewhere does.
        ("Hollin came to the hall.", "Bo Kim"),
        ("He met Mr. Hollin. Hollin came to the hall.", "Hollin"),
        ("He met Frayle there. Frayle, meanwhile, has left.", "Frayle"),
        ("Traffic was heavy.", "Bo Kim"),
        ("Traffic, meanwhile, was heavy.", "Bo Kim"),
        # Plurals, what is written small elsewhere, abstract nouns, places that everybody knows.
        ("Parents came to the hall.", "Bo Kim"),
        ("Hope is rare, and hope is late.", "Bo Kim"),
        ("Judgment is due.", "Bo Kim"),
        ("Whoever forbids it was late.", "Bo Kim"),
        ("Peru has left.", "Bo Kim"),
        ("Share this article\n", "Bo Kim"),
    ],
)
def test_a_pronoun_is_one_whom_only_the_start_of_the_sentence_before_names(
    before: str, speaker: str
) -> None:
    assert said(f"{KIM}{before} He had nothing to hide, he said.", "nothing to hide") == speaker


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Hollin, who has a rule, calls it “a very fine mess”.", "Hollin"),
        ("Hollin has replied: the pump, he said, is a very fine mess.", "Hollin"),
        ("Traffic has stopped: the pump, he said, is a very fine mess.", "Bo Kim"),
        # What is said to be said has a subject of its own.
        ("Cardiff would pay for a very fine mess, he said.", "Bo Kim"),
    ],
)
def test_a_pronoun_is_whom_its_own_sentence_starts_with(sentence: str, speaker: str) -> None:
    assert said(KIM + sentence, "very fine mess") == speaker


def test_a_bare_surname_is_found_at_the_start_only() -> None:
    text = "Hollin came to the hall. The hall was full of Hollin. Ann Lee came too."
    near = neighbourhood(text, Span(0, 1))
    found = [bare_surname(near, sentence) for sentence in near.sentences]
    assert found == [Span(0, 6), None, None]


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        # A clause's own subject, not the sentence's.
        ("Peru waits: the club’s head, Ann Lee, finds it “a very fine mess”.", "mess", "Ann Lee"),
        ("Acme waits; a loan, said Ann Lee, was “a very fine mess”.", "mess", "Ann Lee"),
        ("Bo Kim would; Ann Lee would wait, since a bell, she says, would lie.", "lie", "Ann Lee"),
        ("Ann Lee was glad, and found it “a very fine mess”.", "mess", "Ann Lee"),
        # The name behind a description.
        ("“We wait,” said the guild’s president, the soprano Ann Lee.", "We wait", "Ann Lee"),
        ("“We wait,” said the dean, the Very Reverend Bo Kim.", "We wait", "Bo Kim"),
        ("“We wait,” the minister told his paper, the Guardian.", "We wait", "the minister"),
        ("“We wait,” said the Indian delegate, Ann Lee.", "We wait", "Ann Lee"),
        ("“We wait,” said Wadena delegate Ann Lee.", "We wait", "Ann Lee"),
        ("“We wait,” said India yesterday.", "We wait", "India"),
        ("The head of Kotor, Bo Kim, left. “We wait,” he said.", "We wait", "Bo Kim"),
        # Told by a noun.
        ("The plan is dead, in the view of Ann Lee.", "dead", "Ann Lee"),
        ("The plan came up in the view of Ann Lee.", "came up", ""),
        ("Lee’s answer was that the plan is dead.", "dead", "Lee"),
        ("Lee’s answer was late and the plan is dead.", "dead", ""),
        ("Ann Lee has informed the board that the plan is dead.", "dead", "Ann Lee"),
        ("The board was informed that the plan is dead.", "dead", ""),
    ],
)
def test_speakers(text: str, words: str, speaker: str) -> None:
    assert said(text, words) == speaker


@pytest.mark.parametrize(
    ("description", "has"),
    [
        ("the Toronto head", True),
        ("the head", True),
        ("the Leeds head", False),
        ("the Toronto judge", False),
        ("Toronto", False),
    ],
)
def test_a_role_asked_for_is_one_that_the_document_gives(description: str, has: bool) -> None:
    text = "The head of the Toronto laboratory, Ann Lee, spoke. Lee left."
    for mention in ("Ann Lee", "Lee left"):
        start = text.index(mention)
        name = Span(start, start + len(mention.removesuffix(" left")))
        assert has_role(text, name, description) is has
