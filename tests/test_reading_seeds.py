"""The seed articles are read as a person would read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.reading import MetadataIndex, find_files, read_document
from rag.types import Document

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(scope="module")
def seeds() -> dict[str, Document]:
    metadata = MetadataIndex()
    documents = {
        ref.relative[:3]: read_document(ref, ref.relative, metadata)
        for ref in find_files(SEEDS).files
    }
    assert metadata.problems == ()
    return documents


def test_the_text_is_the_file(seeds: dict[str, Document]) -> None:
    assert sorted(seeds) == ["000", "001", "002", "003", "004"]
    for document in seeds.values():
        assert document.text == (SEEDS / document.id).read_bytes().decode("utf-8")


def test_titles_dates_and_publishers(seeds: dict[str, Document]) -> None:
    known = {
        number: (document.source.title, document.source.published, document.source.publisher)
        for number, document in seeds.items()
    }
    assert known == {
        "000": ("", "", ""),
        "001": ("", "2025-09-05", ""),
        "002": (
            "Western Troops in Ukraine would be ‘targets’ for Russian forces- Putin",
            "",
            "",
        ),
        "003": ("", "", "The iNews Times"),
        "004": (
            "Foreign troops in Ukraine would be ‘legitimate targets’ for Russia, "
            "Vladimir Putin warns",
            "",
            "",
        ),
    }


def test_furniture(seeds: dict[str, Document]) -> None:
    furniture = {
        number: [document.text[span.start : span.end] for span in document.furniture]
        for number, document in seeds.items()
    }
    assert furniture == {
        "000": [],
        "001": ["Published On 5 Sep 2025", "Recommended Stories", "list of 3 itemsend of list"],
        "002": ["0", "24", "Leave a Reply"],
        "003": [],
        "004": [
            "Unlock the White House Watch newsletter for free",
            "Your guide to what Trump’s second term means for Washington, business and the world",
        ],
    }
