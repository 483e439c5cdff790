from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.splitting import MAX_SENTENCE_CHARS, split_passages, split_sentences
from rag.types import Document, Source, Span


def document(text: str, *furniture: Span) -> Document:
    return Document(Source("a.txt"), text, furniture)


def sentences(text: str, *furniture: Span) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(document(text, *furniture))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "He met U.S. President J. R. Smith at 5 p.m. on Friday. They left.",
            ["He met U.S. President J. R. Smith at 5 p.m. on Friday.", "They left."],
        ),
        ("“We won’t go,” he said. She nodded.", ["“We won’t go,” he said.", "She nodded."]),
        ("“We won’t go!” Smith said. She nodded.", ["“We won’t go!” Smith said.", "She nodded."]),
        ("“What now?” she asked. Nothing.", ["“What now?” she asked.", "Nothing."]),
        ("He added: “I don’t see it. I never did.” Then he left.",
         ["He added: “I don’t see it. I never did.”", "Then he left."]),
        ("I see no… full stop, he said. Yes.", ["I see no… full stop, he said.", "Yes."]),
        ("Costs rose 3.5 per cent to $4.2 bn. Profits fell.",
         ["Costs rose 3.5 per cent to $4.2 bn.", "Profits fell."]),
        ("A heading\nA sentence under it.\n\nAnother.",
         ["A heading", "A sentence under it.", "Another."]),
        ("One line.\r\nAnother line.\r\n", ["One line.", "Another line."]),
        ("Tell Ms. Brandt at once. It costs approx. Ten pounds. See Vol. Two.",
         ["Tell Ms. Brandt at once.", "It costs approx. Ten pounds.", "See Vol. Two."]),
        ("1. Lift the kettle.\n2. Pour it.", ["1. Lift the kettle.", "2. Pour it."]),
        ("## 2. Mill Bridge\n\nIt is old.", ["## 2. Mill Bridge", "It is old."]),
        ("It was 4. They left.", ["It was 4.", "They left."]),
        ("", []),
        (" \n\t\n ", []),
    ],
)  # fmt: skip
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_hard_wrapped_paragraph_is_one_block() -> None:
    text = (
        "The licence is granted to every person who obtains a copy of this\n"
        "software, without any charge, and they may do with it what they\n"
        "like. The notice stays.\n"
        "- an item of a list starts anew, wherever it may stand in the text\n"
    )
    assert sentences(text) == [
        text[: text.index(" The notice")],
        "The notice stays.",
        "- an item of a list starts anew, wherever it may stand in the text",
    ]


def test_furniture_is_in_no_sentence() -> None:
    text = "First line here.\nShare this\nSecond line here."
    start = text.index("Share")
    assert sentences(text, Span(start, start + 10)) == ["First line here.", "Second line here."]


def test_a_line_without_stops_is_cut() -> None:
    parts = sentences("x" * 1500 + " " + "word " * 300)
    assert max(map(len, parts)) <= MAX_SENTENCE_CHARS
    assert "".join(parts).replace(" ", "") == "x" * 1500 + "word" * 300


def test_passages_are_whole_sentences_with_overlap() -> None:
    text = " ".join(f"Sentence number {n} has exactly eight words here." for n in range(60))
    passages = split_passages(document(text))
    assert [len(p.text.split()) <= 150 for p in passages] == [True] * len(passages)
    every = split_sentences(document(text))
    assert sorted({s for p in passages for s in p.sentences}) == every
    for earlier, later in itertools.pairwise(passages):
        shared = set(earlier.sentences) & set(later.sentences)
        assert 1 <= len(shared) <= 3
        assert later.start < earlier.end < later.end


def test_repeated_text_keeps_its_own_offsets() -> None:
    text = "chunk chunk. " * 400
    passages = split_passages(document(text))
    starts = [p.start for p in passages]
    assert starts == sorted(set(starts))
    assert passages[-1].end == len(text.rstrip())
    assert {s.start for p in passages for s in p.sentences} == set(range(0, len(text), 13))


TEXTS = st.lists(
    st.one_of(
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60),
        st.sampled_from(
            [
                "The same sentence. ", "“Quoted,” he said. ", "\r\n", "\n\n", "\u2029", " \u00a0",
                "😀 emoji here! ", "هذا نص عربي. ", "e\u0301tude. ", "U.S. ", "… ", "\ufeff",
                "word " * 150, "y" * 700, "\t1. item\n", "\x0c",
                # Other white space than spaces, beside a capital and a stop.
                "Plan B\u00a0. Next\u00a0.\u00a0. ", "I\u2009.\u202f. ", "V\u3000. ",
            ]
        ),
    ),
    max_size=25,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_every_range_is_exact(text: str) -> None:
    found = split_sentences(document(text))
    for sentence in found:
        quote = text[sentence.start : sentence.end]
        assert quote
        assert quote == quote.strip()
        assert len(quote) <= 2 * MAX_SENTENCE_CHARS
    for earlier, later in itertools.pairwise(found):
        assert earlier.end <= later.start
    kept = "".join(text[s.start : s.end] for s in found)
    assert "".join(kept.split()) == "".join(text.split())
    for passage in split_passages(document(text), found):
        assert passage.text == text[passage.start : passage.end]
        assert (passage.start, passage.end) == (
            passage.sentences[0].start,
            passage.sentences[-1].end,
        )


def test_the_seeds_keep_every_sentence(seeds_texts: dict[str, str]) -> None:
    quote = "Italian Prime Minister Giorgia Meloni has stated that Italy will not send troops"
    hits = [s for text in seeds_texts.values() for s in sentences(text) if s.startswith(quote)]
    assert len(hits) == 1
    assert hits[0].endswith("monitoring any peace agreement.")


@pytest.fixture
def seeds_texts() -> dict[str, str]:
    folder = Path(__file__).parents[1] / "seeds"
    return {p.name: p.read_bytes().decode() for p in folder.glob("*.txt")}
