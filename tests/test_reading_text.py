"""Text and Markdown files: the canonical text is the decoded file, code point for code point."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ReadingError
from rag.reading import find_files, read_document
from rag.types import Document, Span


def read(root: Path, data: bytes, name: str = "a.txt") -> Document:
    (root / name).write_bytes(data)
    (ref,) = find_files(root / name).files
    return read_document(ref, name)


def furniture(document: Document) -> list[str]:
    return [document.text[span.start : span.end] for span in document.furniture]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_any_utf8_text_is_kept_exactly(text: str) -> None:
    if not text.replace("\ufeff", "").strip():
        return
    with tempfile.TemporaryDirectory() as folder:
        document = read(Path(folder), text.encode("utf-8"))
    assert document.text == text
    assert document.source.sha256 == hashlib.sha256(text.encode("utf-8")).hexdigest()


lines = st.sampled_from(
    (
        *("Leave a Reply", "0", "By Ann Poe", "5 May 2025", "---", "a: b", "# Ти́тул", "😀 שלום"),
        *("", " x ", "Recommended Stories"),
        "The harbour opened on Monday, the minister said to a crowd.",
    )
)
ends = st.sampled_from(["\n", "\r\n", "\r", "\u2028", "\n\n"])


@given(st.lists(st.tuples(lines, ends)))
def test_furniture_is_sorted_apart_and_inside_the_text(parts: list[tuple[str, str]]) -> None:
    text = "".join(line + end for line, end in parts)
    if not text.strip():
        return
    with tempfile.TemporaryDirectory() as folder:
        document = read(Path(folder), text.encode("utf-8"))
    assert document.text == text
    edges = [edge for span in document.furniture for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(piece and piece == piece.strip() for piece in furniture(document))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_kept(tmp_path: Path, end: str) -> None:
    text = f"Leave a Reply{end}{end}It rained in Oslo.{end}"
    document = read(tmp_path, text.encode("utf-8"))
    assert document.text == text
    assert document.furniture == (Span(0, 13),)


def test_a_utf8_mark_stays_and_is_furniture(tmp_path: Path) -> None:
    document = read(tmp_path, "\ufeffHarbour opens\n\nIt rained.".encode())
    assert document.text == "\ufeffHarbour opens\n\nIt rained."
    assert document.furniture == (Span(0, 1),)
    assert document.source.title == "Harbour opens"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_wide_encodings_are_known_by_their_mark(tmp_path: Path, encoding: str) -> None:
    data = "Żółw 🐢 spał.\r\nDwa.".encode(encoding)
    assert read(tmp_path, data).text == data.decode(encoding) == "Żółw 🐢 spał.\r\nDwa."


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "“Déjà vu”, said Zoë — the café’s owner. It cost €5 in Málaga."),
        ("latin-1", "Die Straße in München ist schön. Über den Fluss führt eine Brücke."),
        ("latin-1", "café"),
        ("cp1251", "Президент заявил, что войска не будут размещены в стране."),
        ("cp1253", "Η κυβέρνηση ανακοίνωσε χθες ότι οι διαπραγματεύσεις ολοκληρώθηκαν."),
        ("gb18030", "总统表示，部队不会部署在该国。谈判仍在首都继续进行。"),
        ("iso2022_jp", "これは日本語の文章です。東京は日本の首都であり、大きな都市です。"),
    ],
)
def test_other_encodings_are_recognised(tmp_path: Path, encoding: str, text: str) -> None:
    assert read(tmp_path, text.encode(encoding)).text == text


@pytest.mark.parametrize("wrong", [b"\xa3", "é".encode()[:1]])
def test_a_wrong_byte_spoils_only_itself(tmp_path: Path, wrong: bytes) -> None:
    sound = "The café’s owner – Ann Lee – said it’s closed. "
    assert read(tmp_path, sound.encode() + wrong).text == f"{sound}\ufffd"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty (0 bytes)"),
        (b" \r\n\t\n", "empty (no text in it)"),
        ("\ufeff \n".encode(), "empty (no text in it)"),
        (b"\x7fELF\0\0\0\x01", "NUL bytes"),
        (bytes(range(1, 32)) * 9, "full of control characters"),
        (b"\xff\xfeH\0e", "damaged: not valid utf-16 at byte 4"),
    ],
)
def test_bad_text_files_are_refused_with_the_reason(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    with pytest.raises(ReadingError) as caught:
        read(tmp_path, data)
    assert reason in str(caught.value)


def test_a_file_that_vanished_or_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("Text.")
    (ref,) = find_files(tmp_path / "a.txt").files
    ref.path.unlink()
    with pytest.raises(ReadingError, match="not there any more"):
        read_document(ref, "a.txt")

    def refused(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(ReadingError, match="permission denied; give yourself the right"):
        read_document(ref, "a.txt")


def test_front_matter_gives_metadata_and_is_furniture(tmp_path: Path) -> None:
    block = "---\ntitle: 'Nine: a story'\nauthors: [Ann Poe, Bo Li]\ndate: 2025-03-04\n---"
    text = f"{block}\n\n# Another heading\n\nIt rained in Oslo.\n"
    document = read(tmp_path, text.encode(), "a.md")
    source = document.source
    assert document.text == text
    assert document.furniture == (Span(0, len(block)),)
    assert (source.title, source.author, source.published) == (
        "Nine: a story",
        "Ann Poe, Bo Li",
        "2025-03-04",
    )


def test_front_matter_may_name_halves_of_characters(tmp_path: Path) -> None:
    # As JSON writes an emoji; a half by itself is no character.
    text = '---\ntitle: "Launch \\ud83d\\ude80 day"\nauthor: "Bo \\ud83d Li"\n---\n\nIt flew.\n'
    source = read(tmp_path, text.encode(), "a.md").source
    assert (source.title, source.author) == ("Launch 🚀 day", "Bo \ufffd Li")


@pytest.mark.parametrize(
    "top",
    [
        "---\nIt rained: all day\nlong and nothing else.\n---",  # no mapping
        "---\n- one\n- two\n---",
        "---\ndate: 2025-13-45\n---",  # a date that is none
        "---\nno end: here",
    ],
)
def test_what_only_looks_like_front_matter_stays_text(tmp_path: Path, top: str) -> None:
    document = read(tmp_path, f"{top}\n\nIt rained in Oslo.".encode())
    assert document.source.published == ""
    assert "It rained in Oslo." not in furniture(document)
    assert document.furniture[0] == Span(0, 3)  # the rule alone
