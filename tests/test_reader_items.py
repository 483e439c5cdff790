"""The items of a list: where a tagged run is split, and when a name is made whole."""

from __future__ import annotations

import pytest

from rag.reader.decoding import ScoredSpan
from rag.reader.items import items


def found(text: str, tagged: str) -> list[str]:
    start = text.index(tagged)
    run = ScoredSpan(start, start + len(tagged), 1.0)
    return [text[item.start : item.end] for item in items(text, run)]


@pytest.mark.parametrize(
    ("tagged", "wanted"),
    [
        ("Peru, the Oslo Fund and Chile", ["Peru", "the Oslo Fund", "Chile"]),
        ("Harrow & Dale", ["Harrow & Dale"]),
        ("a barn and two sheds", ["a barn and two sheds"]),
        ("Councillors Raj Patel and Ann Lee", ["Raj Patel", "Ann Lee"]),
        ("Ministers and Members", ["Ministers", "Members"]),
        ("“The Lamp and the Clock” and “A Light”", ["“The Lamp and the Clock”", "“A Light”"]),
        ("The Lamp and the Clock", ["The Lamp", "the Clock"]),
    ],
)
def test_a_run_is_split_between_names_only(tagged: str, wanted: list[str]) -> None:
    assert found(f"Signed by {tagged} on Monday.", tagged) == wanted


@pytest.mark.parametrize(
    ("tagged", "wanted"),
    [
        ("cellars, workshops and flats", ["cellars", "workshops", "flats"]),
        ("Linseed oil, larch resin, madder", ["Linseed oil", "larch resin", "madder"]),
        ("the mayor, the clerk and his brother", ["the mayor", "the clerk", "his brother"]),
        ("the millers and the club", ["the millers", "the club"]),
        ("food and drink", ["food and drink"]),
        ("a hut, which stood empty and cold", ["a hut, which stood empty and cold"]),
        ("the mayor, Ida Roe, and a clerk", ["the mayor, Ida Roe, and a clerk"]),
        ("up to 1,900 kroner", ["up to 1,900 kroner"]),
        ("the novel “The Lamp and the Clock”", ["the novel “The Lamp and the Clock”"]),
        ("flour (wheat, rye), salt and yeast", ["flour (wheat, rye)", "salt", "yeast"]),
        ("the hall of the church and the school", ["the hall of the church and the school"]),
        ("Ida Roe, chair, and Bo Lind, clerk", ["Ida Roe, chair, and Bo Lind, clerk"]),
        ("Dr Ida Lee, Mr Roe and the clerk", ["Dr Ida Lee", "Mr Roe", "the clerk"]),
        ("12 April, 3 May and 9 June", ["12 April", "3 May", "9 June"]),
        ("a can of oil, a rope and a lamp", ["a can of oil", "a rope", "a lamp"]),
    ],
)
def test_a_run_is_split_between_things_of_a_list(tagged: str, wanted: list[str]) -> None:
    text = f"They took {tagged}."
    found = items(text, ScoredSpan(10, 10 + len(tagged), 1.0))
    assert [text[one.start : one.end] for one in found] == wanted


def test_small_words_alone_name_nothing() -> None:
    assert found("Signed by the Oslo Fund.", "the") == []
    assert found("Signed by the Oslo Fund.", "the Oslo Fund") == ["the Oslo Fund"]
    assert found("Signed by the US.", "US") == ["US"]


@pytest.mark.parametrize(
    ("text", "tagged", "wanted"),
    [
        ("Both National Renewal and the rest refused.", "National", "National Renewal"),
        ("Yesterday the Left Front walked out.", "Front", "Left Front"),
        ("It is Rural Union’s last word.", "Rural", "Rural Union"),
        # What must stay: a title beside a country, what opens a sentence, the next clause.
        ("So Italian Premier Rossi refused.", "Italian", "Italian"),
        ("Yesterday Norbank refused.", "Norbank", "Norbank"),
        ("The bank Norbank. It refused.", "Norbank", "Norbank"),
        ("the lender refused", "the lender", "the lender"),
    ],
)
def test_a_name_is_made_whole(text: str, tagged: str, wanted: str) -> None:
    assert found(text, tagged) == [wanted]
