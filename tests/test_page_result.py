"""What an answer shows besides its quotes: each is there when it is known, and not otherwise."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest

from rag.page.result import render_result
from rag.page.view import type_words, view_of, words_of
from rag.results import Abstention, Answer, Claim
from rag.types import QuestionType
from tests.browser_support import (
    FIRST,
    FOLLOW_UP,
    HOSTILE,
    OPEN,
    PAYERS,
    QUESTION,
    REWRITTEN,
    SECOND,
    FakeEngine,
    harbour,
)

ENGINE = harbour()
SINGLE = QuestionType("single", "quote")


def rendered(result: Answer | Abstention) -> str:
    return render_result(view_of(result), 0)


def plain(shown: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", shown))


def parts(shown: str, name: str) -> list[str]:
    """The text of each element of a class that has no element of its own name inside."""
    found = re.findall(rf'<(\w+) class="{name}\b[^>]*>(.*?)</\1>', shown)
    return [plain(inner) for _, inner in found]


def answer(*claims: Claim, **more: Any) -> Answer:
    return FakeEngine().plant("Q?", *claims, **more)


def claim(**more: Any) -> Claim:
    return replace(ENGINE.claim(FIRST, ("news/lamp.txt", FIRST, FIRST)), **more)


@pytest.mark.parametrize("verdict", ["yes", "no", "unclear"])
def test_the_verdict_stands_before_the_claims(verdict: str) -> None:
    shown = rendered(answer(claim(), verdict=verdict))
    assert parts(shown, "verdict") == [verdict.capitalize()]
    assert shown.index('class="verdict"') < shown.index('class="claims"')


def test_nothing_is_added_to_a_plain_answer() -> None:
    shown = rendered(answer(claim()))
    for name in ("verdict", "differ", "undecided", "read-as", "note", "by", "aside"):
        assert f'class="{name}"' not in shown
    assert parts(shown, "claim-text") == [FIRST]


def test_a_speaker_is_named_before_the_quoted_words() -> None:
    said = claim(speaker="Ann Lee")
    shown = rendered(answer(said, question_type=SINGLE))
    assert parts(shown, "by") == ["According to Ann Lee:"]
    assert parts(shown, "claim-text") == [f"“{FIRST}”"]
    assert " ".join(words_of(said, SINGLE)) == said.attributed


def test_a_speaker_who_is_the_answer_is_not_named_twice() -> None:
    speaker = replace(claim(speaker="Ann Lee"), text="Ann Lee")
    shown = rendered(answer(speaker, question_type=SINGLE))
    assert parts(shown, "claim-text") == ["Ann Lee"]
    assert 'class="by"' not in shown


def test_the_items_of_a_list_are_plain() -> None:
    shown = rendered(answer(claim(speaker="Ann Lee"), question_type=QuestionType("list", "place")))
    assert parts(shown, "claim-text") == [FIRST]
    assert 'class="by"' not in shown


def test_independent_sources_are_counted_from_two_on() -> None:
    shown = rendered(ENGINE.ask(PAYERS))
    assert parts(shown, "aside") == ["2 independent sources"]
    claims = shown.index('class="claims"')
    assert claims < shown.index("2 independent sources") < shown.index(">Marlow<", claims)


def test_the_context_stands_outside_the_quote() -> None:
    shown = rendered(answer(replace(ENGINE.planted[PAYERS].claims[0], context="Ann Lee")))
    assert parts(shown, "aside") == ["about Ann Lee · 2 independent sources"]
    assert parts(shown, "claim-text") == ["Easthaven"]


def test_undecided_parties_have_a_block_with_marks_of_their_own() -> None:
    view = view_of(ENGINE.ask(PAYERS))
    shown = render_result(view, 0)
    claims, block = shown.split('<section class="undecided">')
    assert parts(claims, "claim-text") == ["Easthaven", "Marlow"]
    assert block.startswith("<h3>Undecided</h3>")
    assert parts(block, "claim-text") == ["Portwick"]
    marks = re.findall(r'class="mark" data-place="(\d+)".*?>\[(\d+)\]', shown)
    assert marks == [("0", "1"), ("1", "2"), ("2", "1"), ("3", "3")]
    quotes = [place.quote for place in view.places]
    assert quotes == [FIRST, SECOND, FIRST, OPEN, FIRST, SECOND, OPEN]
    assert re.findall(r'class="open" data-place="(\d+)"', shown) == ["4", "5", "6"]


def test_differing_values_are_announced() -> None:
    shown = rendered(answer(claim(), claim(), disagreement=True))
    assert parts(shown, "differ") == ["The sources differ"]
    assert shown.index("The sources differ") < shown.index('class="claims"')


def test_a_follow_up_question_shows_how_it_was_read() -> None:
    shown = rendered(ENGINE.ask(FOLLOW_UP))
    assert parts(shown, "asked") == [FOLLOW_UP]
    assert parts(shown, "read-as") == [f"Read as: {REWRITTEN}"]
    refused = Abstention(FOLLOW_UP, 0.1, "No.", (), rewritten=REWRITTEN)
    assert parts(rendered(refused), "read-as") == [f"Read as: {REWRITTEN}"]


def test_notes_are_shown() -> None:
    assert parts(rendered(answer(claim(), notes=("Cut.",))), "note") == ["Cut."]
    assert parts(rendered(Abstention("Q?", 0.1, "No.", (), notes=("Cut.",))), "note") == ["Cut."]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (QuestionType("list", "country", "declined"), "list · countries · declined"),
        (QuestionType("list", "thing"), "list"),
        (QuestionType("single", "number"), "one answer · number"),
        (QuestionType("single", "thing"), "one answer"),
        (QuestionType("yes-no", "statement"), "yes or no"),
        (
            QuestionType("single", "quote", "", "Ann Lee", "The Gazette"),
            "one answer · quote · said by Ann Lee · in The Gazette",
        ),
    ],
)
def test_the_question_type_in_words(asked: QuestionType, words: str) -> None:
    assert type_words(asked) == words
    assert parts(rendered(answer(claim(), question_type=asked)), "kind") == [words]
    assert parts(rendered(Abstention("Q?", 0.1, "No.", (), asked)), "kind") == [words]


def test_no_text_of_the_new_parts_reaches_the_page_unescaped() -> None:
    hostile = replace(claim(speaker=HOSTILE, context=HOSTILE))
    asked = QuestionType("single", HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    more = {"question_type": asked, "rewritten": HOSTILE, "notes": (HOSTILE,)}
    shown = [
        rendered(answer(hostile, undecided=(hostile,), **more)),
        rendered(Abstention(QUESTION, 0.1, HOSTILE, (), **more)),
    ]
    for part in shown:
        assert "<script" not in part
        assert "<img" not in part
        assert not set("`$\\{}@") & set(part)
    # The polarity, the speaker, the publisher, the reading, the note and the reason.
    assert [part.count("&lt;script&gt;") for part in shown] == [5 + 4, 6]
