"""Other counts of one thing beside a number: found where the words set them against each other."""

from __future__ import annotations

import pytest

from rag.counts import counted_otherwise, may_count_the_same, other_counts
from rag.types import Evidence, Passage, Source, Span


def span(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def evidence(text: str, answer: str, sentences: tuple[str, ...] = ()) -> Evidence:
    held = tuple(span(text, one) for one in sentences or (text,))
    passage = Passage(Source("a"), 0, len(text), text, held)
    at = span(text, answer)
    return Evidence(passage, next(one for one in held if one.contains(at)), at, 0.7)


@pytest.mark.parametrize(
    ("text", "number", "others"),
    [
        ("It cost the club 310,000 euros. The union speaks of 190,000.",
         "310,000 euros", ["190,000"]),
        ("Resorts will lose £60 million a year. The ministry’s own estimate is £18 million.",
         "£60 million", ["£18 million"]),
        ("The firm says 2.1 million flats were priced so. The states say it was closer to "
         "3 million.", "2.1 million", ["closer to 3 million"]),
        ("He reckons that 26 hints came of it; the ministry counts more than three dozen.",
         "26", ["more than three dozen"]),
        ("The gauge showed 94 metres, not 86.", "94 metres", ["86"]),
        ("Its figure, 1.4 billion on Monday, was raised again: it corrected that to 1.7 billion.",
         "1.4 billion", ["1.7 billion"]),
        ("Police put the crowd at 4,000. The organisers put it at 9,000 and the mayor at 6,000.",
         "4,000", ["9,000", "6,000"]),
        ("Half a dozen pupils stayed away, he said. The council speaks of thirty.",
         "Half a dozen", ["thirty"]),
        # The number that is set against the other may be the answer itself.
        ("It cost £40m. Critics say it was £75m.", "£75m", ["£40m"]),
        # What is counted may be named again, in one word.
        ("Some 120 ships came. The port counted 95 ships.", "120", ["95 ships"]),
        # Nobody counts otherwise: other things, other times, shares, ages, days, prices.
        ("It cost £40m. The tower has 26 floors.", "£40m", []),
        ("The toll stood at 151, up from 143 two days earlier.", "151", []),
        ("He says 52 were hired. The firm lists 15 vacancies.", "52", []),
        ("Ireland takes 60 people and Portugal 110.", "60", []),
        ("The law passed by 63 votes. It was adopted in 2019.", "63 votes", []),
        ("Some 60 left. Ida Holm, 53, says it was on 7 May, at 9 a.m.", "60", []),
        ("It has 19 drivers and needs 23.", "19", []),
        # Too far apart in value, or not a number at all.
        ("The firm says 1,900 farms were blocked. Its critic says it was 61.", "1,900", []),
        ("It cost a lot. Critics say it was £75m.", "a lot", []),
        # Euros are no kilometres.
        ("It cost €40m. The union puts it at 30 km.", "€40m", []),
        # Two sentences on, or in another paragraph, it is of another matter.
        ("It cost £40m. It rained. The mayor came. The union puts it at £30m.", "£40m", []),
        ("It cost £40m.\nThe union says £30m.", "£40m", []),
        ("It cost £40m.\nThe union puts it at £30m.", "£40m", ["£30m"]),
        ("It cost £40m. That is contested. The union puts the cost at £30m.", "£40m", ["£30m"]),
        ("Half of them left. The union says a third.", "Half", ["a third"]),
    ],
)  # fmt: skip
def test_a_count_beside_another(text: str, number: str, others: list[str]) -> None:
    found = other_counts(text, span(text, number))
    kept = [text[one.start : one.end] for one in found]
    assert [one.removesuffix(" ships") for one in kept] == [
        one.removesuffix(" ships") for one in others
    ]


def test_it_is_quoted_with_its_own_sentence_and_as_probable() -> None:
    first, second = "It cost £40m.", "Critics put the bill at £75m."
    text = f"{first} {second}"
    one = evidence(text, "£40m", (first, second))
    (found,) = counted_otherwise([one], [one.passage])
    assert text[found.answer.start : found.answer.end] == "£75m"
    assert text[found.quote.start : found.quote.end] == second
    assert found.probability == one.probability


def test_the_whole_passage_is_looked_at_where_the_reader_saw_a_part() -> None:
    first, second = "It cost £40m.", "Critics put the bill at £75m."
    text = f"{first} {second}"
    whole = evidence(text, "£40m", (first, second)).passage
    part = evidence(first, "£40m")
    assert counted_otherwise([part], [part.passage]) == []
    assert len(counted_otherwise([part], [whole, whole])) == 1


def test_nothing_is_quoted_that_stands_in_no_sentence() -> None:
    text = "It cost £40m. Critics put the bill at £75m."
    one = evidence(text, "£40m", ("It cost £40m.",))
    assert counted_otherwise([one], [one.passage]) == []


def test_another_documents_passage_is_not_looked_at() -> None:
    text = "It cost £40m. Critics put the bill at £75m."
    one = evidence(text, "£40m")
    other = Passage(Source("b"), 0, len(text), text, (Span(0, len(text)),))
    assert counted_otherwise([one], [other]) == []


@pytest.mark.parametrize(
    ("question", "one", "other", "same"),
    [
        ("How many cameras help?", ("Nine cameras help.", "Nine"), ("16 labs asked.", "16"), True),
        ("How many help?", ("Nine cameras help.", "Nine"), ("16 labs asked.", "16"), False),
        ("How many help?", ("Nine cameras help.", "Nine"), ("16 cameras ran.", "16"), True),
        ("How many help?", ("Nine cameras help.", "Nine"), ("They had 16.", "16"), True),
        ("How many help?", ("Nine of them help.", "Nine"), ("16 labs asked.", "16"), True),
    ],
)
def test_what_two_numbers_count(
    question: str, one: tuple[str, str], other: tuple[str, str], same: bool
) -> None:
    pair = evidence(*one), evidence(*other)
    assert may_count_the_same(question, *pair) is same
    assert may_count_the_same(question, *reversed(pair)) is same
