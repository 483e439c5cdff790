"""What the first lines say: title, dateline, publisher, author and date."""

from __future__ import annotations

import pytest

from rag.reading.dates import iso_date, labelled_date
from rag.reading.header import read_header
from rag.reading.metadata import Metadata

BODY = "The harbour opened on Monday after two years of work, the minister said in Ystad.\n" * 3


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5 Sep 2025", "2025-09-05"),
        ("September 5, 2025", "2025-09-05"),
        ("Sept. 5, 2025", "2025-09-05"),
        ("Friday, 5 September 2025", "2025-09-05"),
        ("5th of September 2025", "2025-09-05"),
        ("2025-09-05", "2025-09-05"),
        ("2025-09-05T10:03:00Z", "2025-09-05"),
        ("Fri, 05 Sep 2025 10:00:00 GMT", "2025-09-05"),
        ("September 5, 2025 at 10:03 a.m. EDT", "2025-09-05"),
        ("5.9.2025", "2025-09-05"),
        ("25/12/2024", "2024-12-25"),
        ("12/25/2024", "2024-12-25"),
        ("04/04/2024", "2024-04-04"),
        ("03/04/2024", ""),  # March or April
        ("31 June 2025", ""),
        ("29 February 2025", ""),
        ("5 September", ""),
        ("September 2025", ""),
        ("2025", ""),
        ("on 5 September 2025 the talks failed", ""),
        ("", ""),
    ],
)
def test_only_full_unambiguous_dates_count(text: str, day: str) -> None:
    assert iso_date(text) == day


@pytest.mark.parametrize(
    ("text", "label", "day"),
    [
        ("Published On 5 Sep 2025", "published", "2025-09-05"),
        ("Updated: September 6, 2025 10:03 AM EDT", "updated", "2025-09-06"),
        ("Last modified on 2025-09-06", "updated", "2025-09-06"),
        ("First published: 5 September 2025", "published", "2025-09-05"),
        ("5 September 2025", "", "2025-09-05"),
        ("Published in Oslo in 2025", "", ""),
        ("Updated figures came on September 5, 2025", "", ""),
    ],
)
def test_labels_of_dates(text: str, label: str, day: str) -> None:
    assert labelled_date(text) == (label, day)


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("Harbour opens after two years\n\n", Metadata(title="Harbour opens after two years")),
        ("# Harbour *opens*\n\n", Metadata(title="Harbour opens")),
        ("Harbour notes\n=============\n\n", Metadata(title="Harbour notes")),
        ("Will the harbour open?\n", Metadata(title="Will the harbour open?")),
        (
            "Published On 5 Sep 2025\nHarbour opens\n",
            Metadata(title="Harbour opens", published="2025-09-05"),
        ),
        (
            "Harbour opens\nBy Ann Poe and Bo Li\nUpdated: 7 May 2025\nSeptember 5, 2025\n\n",
            Metadata("Harbour opens", "", "Ann Poe and Bo Li", "2025-09-05"),
        ),
        (
            "Harbour opens\n\nBy Ann Poe | 5 September 2025 | 3 min read\n\n",
            Metadata("Harbour opens", "", "Ann Poe", "2025-09-05"),
        ),
        (
            "Title: Harbour opens\nSource: Ystad Post\nDate: 5 May 2025\n\n",
            Metadata("Harbour opens", "Ystad Post", "", "2025-05-05"),
        ),
        (
            "Council approves the new swimming pool\nThe Ystad Post\n5 May 2025\n\n",
            Metadata("Council approves the new swimming pool", "", "", "2025-05-05"),
        ),
        ("LJUBLJANA, March 13 (Adriatic Wire) — ", Metadata(publisher="Adriatic Wire")),
        ("VLADIVOSTOK, RUSSIA – The iNews Times | ", Metadata(publisher="The iNews Times")),
        ("NEW YORK, Nov. 6, 2025 (AFN) - ", Metadata(publisher="AFN", published="2025-11-06")),
        ("VALDIVIA, Chile —\n", Metadata()),
        ("March 13\n", Metadata(title="March 13")),
        ("", Metadata()),
    ],
)
def test_first_lines(top: str, expected: Metadata) -> None:
    assert read_header(top + BODY) == expected


@pytest.mark.parametrize(
    "first",
    [
        "It rained in Oslo.",
        "…the move does not create the conditions for peace – Putin.",
        "“We will see,” she said.",
        "- one item",
        "| a | b |",
        "{",
        "1. First step",
        "This is what follows from the minutes of the\nlast meeting that the board held in Ystad",
        "The quick brown fox jumps over the lazy dog, runs on into the woods and\n"
        "stays there for the whole of the winter, as foxes in this country do.",
        "# This file is read\n# when the program starts.",
        "X" * 200,
    ],
)
def test_what_is_no_title(first: str) -> None:
    assert read_header(f"{first}\n\n{BODY}").title == ""


def test_a_lone_line_is_text_not_title() -> None:
    assert read_header("Harbour opens").title == ""


def test_dates_inside_the_writing_are_no_publication_dates() -> None:
    assert read_header("On 5 May 2025 the talks in Oslo failed.\n\n" + BODY).published == ""
    assert read_header(BODY + "\n5 May 2025\n\nIt rained.\n").published == ""
    assert read_header(BODY + "\nUpdated: 5 May 2025\n").published == "2025-05-05"
    assert read_header(BODY + "\n" * 3 + "It rained.\n" * 12 + "5 May 2025\n").published == ""
