"""What a reader gave a part of is made whole, and what is whole or too much stays."""

from __future__ import annotations

import pytest

from rag.discourse.wholes import MAX_STATEMENT_CHARS, reason, spoken, statement, tidy
from rag.types import Span


def place(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        # A quotation, whichever part of it was given.
        ("“If a bank is slow, it is a slow bank,” Lee said.", "it is a slow bank",
         "If a bank is slow, it is a slow bank"),
        ('Ann Lee was short: "We will not pay."', "not pay", "We will not pay"),
        # What a verb reports, without its marks.
        ("Ann Lee said the boxes were soaked on purpose.", "soaked on purpose",
         "the boxes were soaked on purpose"),
        ("The boxes, Ann Lee said, were soaked on purpose.", "soaked", "soaked"),
        ("Ann Lee said the boxes were “soaked”.", "the boxes", "the boxes were “soaked”"),
        ("Ann Lee said the boxes were “a bog.”", "boxes were “a bog", "the boxes were “a bog.”"),
        # A part of a quotation with the outlet's words behind it.
        ("“It is a bank,” Ann Lee said, smiling at them.", "a bank,” Ann Lee said, smiling",
         "It is a bank"),
        # The outlet's own words.
        ("The boxes were soaked on purpose.", "soaked on purpose", "soaked on purpose"),
    ],
)  # fmt: skip
def test_a_statement_is_given_whole(text: str, part: str, whole: str) -> None:
    found = statement(text, place(text, part))
    assert text[found.start : found.end] == whole


def test_a_long_statement_stays_the_part_that_was_given() -> None:
    text = f"“We {'really ' * (MAX_STATEMENT_CHARS // 7)}will not pay,” Ann Lee said."
    at = place(text, "will not pay")
    assert statement(text, at) == at


def test_a_part_of_two_sentences_stays() -> None:
    text = "Ann Lee said it was late. She left."
    at = place(text, "late. She")
    assert statement(text, at) == at


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("They left, fearing cuts after the vote.", "fearing cuts", "fearing cuts after the vote"),
        ("It shut because the roof leaked, Ann said.", "the roof", "the roof leaked"),
        # Whole as it is.
        ("It shut because the roof leaked, Ann said.", "the roof leaked", "the roof leaked"),
        # Too much is missing for it to be the end of the same reason.
        ("A fault had stopped the first of the trains.", "A fault", "A fault"),
        ("It was shut for repairs", "for", "for repairs"),
        ("It was shut for repairs", "rep", "rep"),
    ],
)
def test_a_reason_ends_with_its_clause(text: str, part: str, whole: str) -> None:
    found = reason(text, place(text, part))
    assert text[found.start : found.end] == whole


@pytest.mark.parametrize(
    ("text", "part", "tidied"),
    [
        ("- 4 eggs, beaten", "- 4 eggs,", "4 eggs"),
        ("1. Lift the kettle.", "1. Lift the kettle.", "Lift the kettle."),
        ("Mayor Holm (left) came.", "Mayor Holm (", "Mayor Holm"),
        ("He said “We found none of it” twice.", "“We found none", "We found none"),
        ("It was at 2:40 a.m. on Monday.", "2:40 a.m", "2:40 a.m."),
        ("It is in the U.S. now.", "the U.S", "the U.S."),
        ("Ann Lee said it was “a farce” there.", "it was “a farce", "it was “a farce”"),
        ('Ann Lee said it was "a farce" there.', 'it was "a farce', 'it was "a farce"'),
        ("Ann Lee said it was “a farce.”", "it was “a farce", "it was “a farce.”"),
        ("“A farce,” Ann Lee said.", "A farce", "A farce"),
        ("He runs the co-operative there.", "-operative", "co-operative"),
        ("Both went under in the blight of 2012.", "the blight of", "the blight"),
        ("It fell in the harbour at Lima.", "the harbour at", "the harbour"),
        ("A state-of-the-art port.", "-the-art port", "state-of-the-art port"),
        ("He saw the boats, and the port.", "the boats, and", "the boats"),
        ("It lay in the harbour of the town.", "the harbour of the", "the harbour"),
        # Pairs stay, and so does what has a meaning.
        ("That is the home she came from.", "the home she came from", "the home she came from"),
        ("It is of", "of", "of"),
        ("They took vitamin A daily.", "vitamin A", "vitamin A"),
        ("It is in Portland, OR 97201.", "Portland, OR", "Portland, OR"),
        ("The guests checked in yesterday.", "checked in", "checked in"),
        ("The town she came from burned.", "The town she came from", "The town she came from"),
        ("“We owe it,” Lee said. “We pay.”", ",” Lee said. “We", "” Lee said. “We"),
        ("He wrote “The Lamp” there.", "“The Lamp”", "“The Lamp”"),
        ("It rose (in 1984) again.", "rose (in 1984)", "rose (in 1984)"),
        ("-4 degrees were measured.", "-4 degrees", "-4 degrees"),
        ("He left. It rained.", "He left", "He left"),
        ("So it was: “(", "“(", "“("),
    ],
)
def test_an_answer_is_tidied(text: str, part: str, tidied: str) -> None:
    start = text.index(part)
    found = tidy(text, Span(start, start + len(part)))
    assert text[found.start : found.end] == tidied


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("that the debt is paid", "the debt is paid"),
        ("previously that the debt is paid.", "the debt is paid"),
        ("it “a farce.”", "a farce"),
        # These are words of the statement.
        ("That old plan is dead", "That old plan is dead"),
        ("July that year was hot", "July that year was hot"),
        ("it “makes no sense” and must stop", "it “makes no sense” and must stop"),
        ("“", "“"),
        ("that ", "that"),
    ],
)
def test_what_leads_a_statement_is_no_part_of_it(text: str, said: str) -> None:
    found = spoken(text, Span(0, len(text)))
    assert text[found.start : found.end] == said
