"""What a reader gave a part of is made whole, and what is whole or too much stays."""

from __future__ import annotations

import pytest

from rag.discourse.wholes import MAX_STATEMENT_CHARS, reason, statement
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
