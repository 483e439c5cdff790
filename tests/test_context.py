from __future__ import annotations

import pytest

from rag.discourse.context import Context, lead_in, stand_alone
from rag.types import Span


def at(text: str, words: str) -> Span:
    start = text.rindex(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    ("before", "quote"),
    [
        ("Ann Lee came to Lima.", "She has paid the debt."),
        ("Ann Lee came to Lima.", "But she has paid the debt."),
        ("Norway signed the deal.", "It has paid the debt."),
        ("Ann Lee came to Lima.", "“We paid,” she said."),
        ("Ann Lee came. It rained.", "She has paid the debt."),
        ("Norway paid the debt.", "This was news."),
        ("The council wrote a plan.", "The plan was praised."),
        ("“We paid,” said Ann Lee.", "“It was a debt.”"),
    ],
)
def test_a_quote_that_needs_its_neighbour_is_widened(before: str, quote: str) -> None:
    text = f"The harbour was quiet. {before} {quote} Nobody knew."
    start = text.index(before)
    wide = Span(start, text.index(quote) + len(quote))
    assert stand_alone(text, at(text, quote)) == Context(wide, "")


@pytest.mark.parametrize(
    "quote",
    [
        "Bo Kim has paid the debt.",
        "It is not known who paid the debt to.",
        "The debt was paid.",
        "“We paid,” said Bo Kim.",
        "This debt was paid.",
        "It is possible to pay.",
        "It takes a month to pay.",
    ],
)
def test_a_quote_that_stands_alone_stays(quote: str) -> None:
    text = f"The harbour was quiet. Ann Lee came. {quote}"
    assert stand_alone(text, at(text, quote)) == Context(at(text, quote), "")


def test_a_given_name_is_no_company() -> None:
    quote = "The company has paid the debt."
    for subject, widened in (("Wim", False), ("Zinc", True)):
        text = f"{subject} was on time. {quote} Ask Wim de Boer at Zinc."
        assert (stand_alone(text, at(text, quote)).span != at(text, quote)) is widened


def test_a_name_further_back_is_given_apart() -> None:
    quote = "She has paid the debt."
    text = f"Ann Lee came. It rained. The sea was high. {quote}"
    assert stand_alone(text, at(text, quote)) == Context(at(text, quote), "Ann Lee")


def test_a_possessive_is_explained_and_not_widened() -> None:
    quote = "Its founder, Bo Kim, paid the debt."
    text = f"Norway signed the deal. {quote}"
    assert stand_alone(text, at(text, quote)) == Context(at(text, quote), "Norway")


def test_a_possessive_is_not_explained_by_another() -> None:
    quote = "Its founder, Bo Kim, paid the debt."
    text = f"Ann Lee came. Her lawyers said no. {quote}"
    assert stand_alone(text, at(text, quote)) == Context(at(text, quote), "")


@pytest.mark.parametrize(
    ("before", "quote"),
    [
        ("Are dogs allowed?\n", "Only guide dogs."),
        ("Why was it closed? ", "Its roof had fallen in."),
        ("The guarantee lasts two years. ", "It does not cover limescale."),
        ("Residents of 45 flats were moved. ", "They were allowed to return on Sunday."),
        ("In the box:\n", "- a kettle"),
    ],
)
def test_what_means_nothing_without_the_line_before_is_widened(before: str, quote: str) -> None:
    text = f"It was a long day.\n\n{before}{quote}"
    wide = Span(text.index(before), len(text))
    assert stand_alone(text, at(text, quote)) == Context(wide, "")


def test_an_item_has_the_line_above_it_apart() -> None:
    text = "# House\n\n## 3. What is prohibited\n\n- fires\n- smoking in the house\n- dogs\n"
    quote = at(text, "- smoking in the house")
    assert stand_alone(text, quote) == Context(quote, "3. What is prohibited")
    assert lead_in(text, quote) == "3. What is prohibited"


def test_the_last_sentence_above_the_items_leads_to_them() -> None:
    text = "Makes one tray. Ingredients:\n\n- flour\n- eggs\n"
    assert lead_in(text, at(text, "- eggs")) == "Ingredients"


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("What is prohibited\n\nSmoking in the house.", "Smoking in the house."),
        ("It rained.\n- smoking", "- smoking"),
        ("- smoking", "- smoking"),
        ("What is prohibited\n\n\n\n\n\n- smoking", "- smoking"),
        ("What is well-\nknown - smoking", "- smoking"),
    ],
)
def test_what_is_no_item_of_a_list_has_no_line_above(text: str, quote: str) -> None:
    assert lead_in(text, at(text, quote)) == ""


@pytest.mark.parametrize("heading", ["Share this article", "More news"])
def test_a_quote_is_not_widened_across_a_heading(heading: str) -> None:
    quote = "She has paid the debt."
    text = f"Ann Lee came to Lima.\n{heading}\n{quote}"
    assert stand_alone(text, at(text, quote)) == Context(at(text, quote), "Ann Lee")


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n \n"])
def test_a_line_ends_in_any_way(end: str) -> None:
    quote = "She has paid the debt."
    text = f"Ann Lee came to Lima.{end}More news{end}{quote}"
    assert stand_alone(text, at(text, quote)) == Context(at(text, quote), "Ann Lee")


def test_a_quote_is_not_widened_across_furniture() -> None:
    quote = "She has paid the debt."
    text = f"Ann Lee came to Lima.\nSubscribe now!\n{quote}"
    furniture = (at(text, "Subscribe now!"),)
    assert stand_alone(text, at(text, quote), furniture) == Context(at(text, quote), "Ann Lee")
    assert stand_alone(text, at(text, quote)).span.start == 0


def test_a_quote_that_holds_the_name_or_starts_inside_a_sentence_stays() -> None:
    text = "Ann Lee came. She has paid the debt."
    assert stand_alone(text, Span(0, len(text))) == Context(Span(0, len(text)), "")
    part = at(text, "has paid the debt.")
    assert stand_alone(text, part) == Context(part, "")


def test_a_range_past_the_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="past the text"):
        stand_alone("Short.", Span(0, 99))
