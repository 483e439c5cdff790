"""Names that a sentence lists, and what stands in one list with good evidence."""

from __future__ import annotations

import pytest

from rag.enumerations import completed, enumerated, listed, without_places
from rag.names import country
from rag.types import Evidence, Passage, Source, Span
from tests.planted import Corpus, Plan


def names(text: str) -> list[list[str]]:
    return [[text[m.name.start : m.name.end] for m in members] for members in enumerated(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norway, Peru and Ghana signed.", [["Norway", "Peru", "Ghana"]]),
        ("Norway and Peru signed, as did Togo and Mali.", [["Norway", "Peru"], ["Togo", "Mali"]]),
        ("Councillors Raj Patel and Ann Lee agreed.", [["Raj Patel", "Ann Lee"]]),
        ("It was joined by Harrow & Dale and by the Bank of Severn.",
         [["Harrow & Dale", "Bank of Severn"]]),
        ("The bakery Crust and Old Mill of Leeds refused.", [["Crust", "Old Mill of Leeds"]]),
        ("Crust in Leeds, Old Mill in York and the Gries am Hang co-op came.",
         [["Crust", "Old Mill", "Gries am Hang"]]),
        # Not the bodies, but their cities.
        ("Teams in Lyon and Osaka saw it.", [["Lyon", "Osaka"]]),
        ("Officials in Oslo and Lima saw it.", [["Oslo", "Lima"]]),
        ("But North Korean leader Kim Park and Ann Berg came.", [["Kim Park", "Ann Berg"]]),
        ("Ann Berg and North Korean leader Kim Park came.", [["Ann Berg", "Kim Park"]]),
        ("Ann Berg and Jo Lee told Norway.", [["Ann Berg", "Jo Lee"]]),
        ("Norway signed and Peru refused.", []),
        ("Norway, which signed, left.", []),
        ("Norway signed on Monday and Tuesday.", []),
        # What only opens the sentence is no item and no part of one.
        ("However, Acme and Sula Lines signed.", [["Acme", "Sula Lines"]]),
        ("Separately, Acme and Sula signed.", [["Acme", "Sula"]]),
        ("In London, Acme and Sula signed.", [["Acme", "Sula"]]),
        ("On Tuesday, Acme and Sula signed.", [["Acme", "Sula"]]),
        ("On Tuesday Acme and Sula signed.", [["Acme", "Sula"]]),
        ("Unlike Boro, Acme and Sula signed.", [["Acme", "Sula"]]),
        ("But Acme and Sula signed.", [["Acme", "Sula"]]),
        ("It rained. Both Acme, Boro and Sula signed.", [["Acme", "Boro", "Sula"]]),
        ("Meanwhile Acme and Sula signed.", [["Acme", "Sula"]]),
        ("In London and Paris they signed.", [["London", "Paris"]]),
        ("He and Acme signed.", []),
        ("Italy, Peru and Ghana signed.", [["Italy", "Peru", "Ghana"]]),
        ("US and Norway signed.", [["US", "Norway"]]),
        ("Will Smith and Jo Lee came.", [["Will Smith", "Jo Lee"]]),
        ("They told All Nippon and Sula.", [["All Nippon", "Sula"]]),
        # A clause ends before `and`, unless more than two are listed.
        ("Acme sued Sula, and Boro signed.", []),
        ("Acme, Sula, and Boro signed.", [["Acme", "Sula", "Boro"]]),
        ("Ford in Detroit and Toyota signed.", [["Ford", "Toyota"]]),
        ("Siemens in Munich and Toyota signed.", [["Siemens", "Toyota"]]),
        ("Merkel in Berlin and Macron signed.", [["Merkel", "Macron"]]),
        ("Bread and butter were served.", []),
    ],
)  # fmt: skip
def test_lists_of_names(text: str, expected: list[list[str]]) -> None:
    assert names(text) == expected


SENTENCE = "Norway, Peru and Ghana signed. Togo refused."
SIGNED = "Norway, Peru and Ghana signed."


def said(*plans: Plan, text: str = SENTENCE, least: float = 0.5) -> list[tuple[str, float]]:
    corpus = Corpus({"a": text})
    evidence: list[Evidence] = [corpus.evidence(plan) for plan in plans]
    return [
        (one.passage.slice(one.answer), one.probability)
        for one in completed(evidence, least, country)
    ]


def test_a_list_is_completed_with_what_was_weaker_and_what_was_not_found() -> None:
    assert said(("a", SIGNED, "Norway", 0.9), ("a", SIGNED, "Ghana", 0.3)) == [
        ("Norway", 0.9),
        ("Ghana", 0.9),
        ("Peru", 0.9),
    ]


def test_the_least_of_what_suffices_is_what_the_others_get() -> None:
    found = said(("a", SIGNED, "Norway", 0.9), ("a", SIGNED, "Ghana", 0.6))
    assert found == [("Norway", 0.9), ("Ghana", 0.6), ("Peru", 0.6)]


def test_a_list_without_evidence_that_suffices_stays_as_it_is() -> None:
    assert said(("a", SIGNED, "Norway", 0.4)) == [("Norway", 0.4)]


def test_evidence_beside_a_list_completes_nothing() -> None:
    assert said(("a", "Togo refused.", "Togo", 0.9), ("a", SIGNED, "Peru", 0.2)) == [
        ("Togo", 0.9),
        ("Peru", 0.2),
    ]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("of Severn", "Bank of Severn"),
        ("the Bank", "Bank of Severn"),
        ("the Bank of Severn", "the Bank of Severn"),
        ("Bank of Severn in Leeds", "Bank of Severn in Leeds"),
        ("Leeds", "Leeds"),  # Not the bank, but where it is.
    ],
)
def test_a_part_of_a_name_in_a_list_becomes_the_name(part: str, expected: str) -> None:
    text = "Crust and the Bank of Severn in Leeds signed."
    found = said(("a", text, "Crust", 0.9), ("a", text, part, 0.6), text=text)
    assert found == [("Crust", 0.9), (expected, 0.6)]


def test_beside_a_country_only_countries_are_added() -> None:
    text = "Norway, Jan Berg and Peru signed."
    assert said(("a", text, "Norway", 0.9), text=text) == [("Norway", 0.9), ("Peru", 0.9)]
    text = "Crust, Jan Berg and Peru signed."
    assert [name for name, _ in said(("a", text, "Crust", 0.9), text=text)] == [
        "Crust",
        "Jan Berg",
        "Peru",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("But Crust and Old Mill signed.", ["Crust", "Old Mill"]),
        ("However, Crust and Old Mill signed.", ["Crust", "Old Mill"]),
    ],
)
def test_what_opens_a_sentence_is_neither_added_nor_put_before_a_name(
    text: str, expected: list[str]
) -> None:
    assert [name for name, _ in said(("a", text, "Crust", 0.9), text=text)] == expected


def test_a_country_in_what_leads_to_a_name_stays() -> None:
    text = "TV Nord and the Belgian channel Kanaal signed."
    found = said(("a", text, "TV Nord", 0.9), ("a", text, "Belgian", 0.8), text=text)
    assert found == [("TV Nord", 0.9), ("Belgian", 0.8)]


def printed(*lines: str) -> Passage:
    text, spans = "", []
    for line in lines:
        spans.append(Span(len(text), len(text) + len(line)))
        text += f"{line}\n"
    return Passage(Source("a"), 0, len(text), text, tuple(spans))


def in_line(passage: Passage, words: str, probability: float) -> Evidence:
    at = passage.text.index(words)
    quote = next(one for one in passage.sentences if one.contains(Span(at, at + len(words))))
    return Evidence(passage, quote, Span(at, at + len(words)), probability)


def told(evidence: list[Evidence]) -> list[tuple[str, float]]:
    return [(one.passage.slice(one.answer), one.probability) for one in evidence]


CAKE = ("Ingredients:", "- 200 g flour", "- 4 eggs", "- a lemon", "Mix it all.")


def test_all_items_of_a_printed_list_are_items_where_one_is() -> None:
    passage = printed(*CAKE)
    found = listed(
        [in_line(passage, "4 eggs", 0.8), in_line(passage, "flour", 0.2)], 0.5, [passage, passage]
    )
    assert told(found) == [("- 200 g flour", 0.8), ("- 4 eggs", 0.8), ("- a lemon", 0.8)]


@pytest.mark.parametrize(
    ("lines", "words", "probability"),
    [
        (CAKE, "4 eggs", 0.4),  # it does not suffice
        (CAKE, "Mix it all", 0.8),  # no item
        (("In it:", "- 4 eggs"), "4 eggs", 0.8),  # no list
        (("- 4 eggs", "Then", "- a lemon"), "4 eggs", 0.8),  # not one below the other
        (("- 4 eggs", "1. Mix it"), "4 eggs", 0.8),  # two lists of one item
        (("- Lee from the council in Mora came", "- Kim did not"), "Lee", 0.8),  # a part
        (("- Lee came to the council and said that he would vote for it", "- Kim left"), "Kim left",
         0.8),  # a list of statements
    ],
)  # fmt: skip
def test_what_is_no_item_of_a_printed_list_adds_none(
    lines: tuple[str, ...], words: str, probability: float
) -> None:
    passage = printed(*lines)
    evidence = [in_line(passage, words, probability)]
    assert listed(evidence, 0.5, [passage]) == evidence


@pytest.mark.parametrize(
    ("sentence", "found", "kept"),
    [
        ("Crust in Leeds and Old Mill at York came.", ["Crust", "York", "Leeds", "Old Mill"],
         ["Crust", "Old Mill"]),
        ("The works in the Ruhr and Boro shut.", ["The works", "Ruhr", "Boro"],
         ["The works", "Boro"]),
        ("Kane joined Bayern from Tottenham.", ["Bayern", "Tottenham"], ["Bayern", "Tottenham"]),
        # Nobody beside it is an item.
        ("Officials in Oslo and Lima saw it.", ["Oslo", "Lima"], ["Oslo", "Lima"]),
        ("Crust sold Leeds and Old Mill.", ["Crust", "Leeds"], ["Crust", "Leeds"]),
    ],
)  # fmt: skip
def test_where_an_item_is_is_no_item(sentence: str, found: list[str], kept: list[str]) -> None:
    corpus = Corpus({"a": f"It rained. {sentence}"})
    evidence = [corpus.evidence(("a", sentence, one, 0.9)) for one in found]
    assert [
        e.passage.slice(e.answer) for e in without_places("organisation", evidence, 0.9)
    ] == kept
    # Nor beside what is not claimed.
    weak = [corpus.evidence(("a", sentence, one, 0.8)) for one in found]
    assert without_places("organisation", weak, 0.9) == weak


def test_where_an_item_is_is_counted_from_the_start_of_its_document() -> None:
    text = "Leeds voted. Crust in Leeds came."
    passage = Passage(Source("a"), 13, len(text), text[13:], (Span(13, len(text)),))
    crust, leeds = (
        Evidence(passage, passage.sentences[0], Span(start, start + 5), 0.9) for start in (13, 22)
    )
    assert without_places("organisation", [crust, leeds], 0.5) == [crust]
    assert without_places("place", [crust, leeds], 0.5) == [crust, leeds]
