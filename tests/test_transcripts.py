"""Who speaks in a conversation whose turns have labels."""

from __future__ import annotations

import pytest

from rag.discourse.attribution import attribution
from rag.discourse.transcripts import turn_at
from rag.types import Span

TALK = """A talk with the painter

LEO BRANDT: What would you tell a beginner?

INES CARVALHO: Find a master. Colour hides your mistakes.

It hides them well.

LEO BRANDT: And then?
INES CARVALHO (laughs): My father said, “Wait.” I waited.
"""


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        ("Colour hides your mistakes", "Ines Carvalho"),
        ("It hides them well", "Ines Carvalho"),
        ("What would you tell", "Leo Brandt"),
        ("I waited", "Ines Carvalho"),
        # What a speaker quotes is said by another.
        ("Wait", "my father"),
    ],
)
def test_a_turn_is_said_by_the_one_it_is_labelled_with(words: str, speaker: str) -> None:
    found = attribution(TALK, span(TALK, words))
    assert found is not None
    assert (found.speaker, found.asserted) == (speaker, True)


def test_what_stands_above_the_first_turn_is_said_by_nobody() -> None:
    assert attribution(TALK, span(TALK, "A talk with")) is None


@pytest.mark.parametrize("label", ["{}:", "**{}:**", "**{}**:", "_{}_:", "{} (Chair):"])
def test_forms_of_labels(label: str) -> None:
    turns = [f"{label.format(name)} It rained in {place}." for name, place in
             (("Ann Lee", "Oslo"), ("Bo van Dam", "Lima"), ("Ann Lee", "Rome"),
              ("Bo van Dam", "Bern"))]  # fmt: skip
    text = "\n".join(turns)
    found = turn_at(text, span(text, "in Lima"))
    assert found is not None
    assert found.speaker == "Bo van Dam"
    assert text[found.label.start : found.label.end] == "Bo van Dam"
    assert text[found.said.start : found.said.end].strip() == "It rained in Lima."


@pytest.mark.parametrize(
    "text",
    [
        # One speaker alone, labels of a form, questions and answers: nobody is named twice and two.
        "Ann Lee: It rained.\nAnn Lee: It snowed.\nNote: It froze.",
        "Note: It rained.\nNote: It snowed.\nPrice: 4\nPrice: 5",
        "Q: Did it rain?\nA: It did.\nQ: Much?\nA: Yes.",
        "Ann Lee: It rained.\nBo Dam: It snowed.",
        "The rule is this: it rains.\nThe other is that: it snows.",
        "",
    ],
)
def test_other_texts_have_no_turns(text: str) -> None:
    assert all(turn_at(text, Span(at, at + 1)) is None for at in range(len(text)))
