"""Files made to break who reads them: skipped with a reason, in bounded time, and nothing else."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

import rag.reading.apart
from rag.engine import Engine
from rag.errors import ReadingError
from rag.reading import find_files, read_document
from rag.reading.apart import Apart
from rag.reading.limits import CHARACTERS, FILE_BYTES, TEXT_BYTES, UNPACKED_BYTES
from rag.reading.metadata import MetadataIndex
from rag.reading.word import read_word
from rag.splitting import MAX_BLOCK_CHARS, split_sentences
from rag.types import Document, Source
from tests.fakes import WordEncoder

PAGE = b"<html><body><p>It rained in Oslo.</p></body></html>"


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    """One process for all tests that do not end it."""
    with Apart() as reader:
        yield reader


def word_with(document_xml: bytes = b"", extra_bytes: int = 0) -> bytes:
    """A Word file, its main part replaced, with a part that unpacks to so many zeros."""
    honest, packed = io.BytesIO(), io.BytesIO()
    document = docx.Document()
    document.add_paragraph("It rained in Oslo.")
    document.save(honest)
    with zipfile.ZipFile(honest) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            is_main = part.filename == "word/document.xml" and document_xml
            new.writestr(part, document_xml if is_main else old.read(part))
        with new.open("word/media/zeros.bin", "w") as zeros:
            for _ in range(extra_bytes // 1_000_000):
                zeros.write(bytes(1_000_000))
    return packed.getvalue()


def pdf_of_forms(levels: int, uses: int) -> bytes:
    """A PDF of some kilobytes whose page draws a form that draws a form …, `uses ** levels` times.

    Each shows a word, so that there is text without end.
    """
    objects = []
    for level in range(levels):
        content = b"BT /A 9 Tf (rain) Tj ET\n" + b"/F Do " * uses * (level < levels - 1)
        objects.append(
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>"
            b"/Font<</A 4 0 R>>>>/Length %d>>stream\n%s\nendstream"
            % (7 + level, len(content), content)
        )
    return pdf_of(b"<</Length 5>>stream\n/F Do\nendstream", *objects)


def pdf_of(content: bytes, *more: bytes) -> bytes:
    """A PDF of one page with this content stream; `more` are the objects from number 6 on."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R"
        b"/Resources<</XObject<</F 6 0 R>>/Font<</A 4 0 R>>>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        content,
        *more,
    )
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = word_with(extra_bytes=UNPACKED_BYTES + 1_000_000)
    assert len(bomb) < 1_000_000
    with pytest.raises(ReadingError, match=r"parts unpack to 201 MB, more than .* 200 MB"):
        read_word(bomb)
    assert read_word(word_with(extra_bytes=1_000_000))[0] == "It rained in Oslo."


def test_a_zip_bomb_that_says_it_is_small_unpacks_to_no_more() -> None:
    bomb = word_with(b"<a>" + b"b" * 5_000_000 + b"</a>")
    said, small = (5_000_007).to_bytes(4, "little"), (50).to_bytes(4, "little")
    assert bomb.count(said) >= 1
    with pytest.raises(ReadingError, match="it is a damaged Word document"):
        read_word(bomb.replace(said, small))


def test_entities_that_multiply_are_not_read(apart: Apart) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "rain">{entities}]><w:document '
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>It rained. &e9;</w:t></w:r></w:p></w:body></w:document>"
    )
    with pytest.raises(ReadingError, match=r"it is a damaged Word document .*amplification"):
        apart(".docx", word_with(body.encode()))


def test_a_page_without_end_takes_bounded_time() -> None:
    # pypdf stops by itself after a while, on a fast machine after less than two seconds.
    with Apart(lambda _: 0.6) as apart:
        started = time.monotonic()
        with pytest.raises(ReadingError, match="longer than the 1 seconds that a file of its size"):
            apart(".pdf", pdf_of_forms(levels=12, uses=10))
        assert time.monotonic() - started < 10
        assert apart._process is None  # nor is it waited for


def test_what_ends_is_read(apart: Apart) -> None:
    assert apart(".pdf", pdf_of_forms(levels=2, uses=2)).text.count("rain") == 3
    assert apart(".html", PAGE).text == "It rained in Oslo."


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is bounded on Linux only")
def test_a_page_that_takes_too_much_memory_is_refused_and_the_next_is_read() -> None:
    content = zlib.compress(b"q Q " * 17_000_000)
    stream = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content)
    with Apart(memory=100_000_000) as apart:
        with pytest.raises(ReadingError, match="more memory than a file may take"):
            apart(".pdf", pdf_of(stream))
        assert apart(".html", PAGE).text == "It rained in Oslo."


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".html", b"<div>" * 100_000 + b"It rained in Oslo."),
        (".html", b"<table><tr><td>" * 30_000 + b"It rained in Oslo."),
        (".pdf", b"%PDF-1.4\n1 0 obj\n" + b"[" * 200_000),
        (".pdf", b"%PDF-1.4\n1 0 obj\n" + b"<<" * 200_000),
    ],
)
def test_what_is_nested_deeply_is_refused(apart: Apart, suffix: str, data: bytes) -> None:
    with pytest.raises(ReadingError, match=r"it is a damaged PDF|it is not a web page"):
        apart(suffix, data)
    assert apart(".html", PAGE).text == "It rained in Oslo."


def test_a_reader_that_breaks_breaks_for_its_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", "input(); exit(3)"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    with Apart() as apart:
        with monkeypatch.context() as patch:
            patch.setattr(rag.reading.apart, "_start", broken)
            with pytest.raises(ReadingError, match="broke its reader"):
                apart(".html", PAGE)
        assert apart(".html", PAGE).text == "It rained in Oslo."


def test_nothing_is_imported_from_the_folder_that_is_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "trafilatura.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    with Apart() as apart:
        assert apart(".html", PAGE).text == "It rained in Oslo."


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"%PDF-1.4\n%ASCII only", "it is a PDF, not text, whatever its name ends in"),
        ("a.md", b"{\\rtf1 It rained.}", "it is a rich text (RTF) file, not text"),
        ("a.md", b"PK\x03\x04" + b"\0" * 30, "it is a zip archive or office document, not text"),
        ("a.txt", b"\x7fELF\x02\x01\x01" + b"\0" * 30, "it is a binary file, not text"),
        ("a.html", b"%PDF-1.4\n", "it is a PDF, not a web page"),
        ("a.html", bytes(range(32)) * 9, "it is a binary file, not text"),
        ("a.pdf", b"<!DOCTYPE html><p>Not found", "it is a web page, not a PDF"),
        ("a.pdf", b"\xff\xd8\xff\xe0 JFIF", "it is a picture, not a PDF"),
        ("a.docx", b"%PDF-1.4\n", "it is a PDF, not a Word document"),
    ],
)
def test_files_under_a_wrong_name_are_told_by_their_content(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(data)
    (ref,) = find_files(tmp_path / name).files
    with pytest.raises(ReadingError) as refused:
        read_document(ref, name)
    assert str(refused.value).startswith(reason)


def test_a_pipe_that_took_a_files_place_keeps_nobody_waiting(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("It rained.")
    (ref,) = find_files(path).files
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ReadingError, match="not a regular file"):
        read_document(ref, "a.txt")
    path.unlink()
    path.write_text("It rained.")
    os.mkfifo(tmp_path / "metadata.jsonl")
    metadata = MetadataIndex()
    assert read_document(ref, "a.txt", metadata).text == "It rained."
    assert [problem.reason for problem in metadata.problems] == ["it is not a regular file"]


def test_metadata_is_not_taken_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("It rained.")
    (tmp_path / "other.jsonl").write_text('{"file": "a.txt", "title": "Secret"}')
    (tmp_path / "in/metadata.jsonl").symlink_to("../other.jsonl")
    metadata = MetadataIndex()
    (ref,) = find_files(tmp_path / "in").files
    assert read_document(ref, "a.txt", metadata).source.title == ""
    assert "leads out of the folder" in metadata.problems[0].reason


def test_front_matter_that_multiplies_is_plain_text(tmp_path: Path) -> None:
    merges = "".join(
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 30)
    )
    text = f"---\na0: &a0 {{b: c}}\n{merges}---\nIt rained.\n"
    (tmp_path / "a.md").write_text(text)
    (ref,) = find_files(tmp_path).files
    assert read_document(ref, "a.md").text == text


def test_quotation_marks_that_never_close_take_bounded_time() -> None:
    text = "“" * 5 * MAX_BLOCK_CHARS
    started = time.monotonic()
    sentences = split_sentences(Document(Source("a"), text))
    assert time.monotonic() - started < 5  # it was 8 s
    assert (sentences[0].start, sentences[-1].end) == (0, len(text))
    prose = "Rain fell on Oslo and on the hills around it. " * 500
    found = split_sentences(Document(Source("a"), prose))
    assert {prose[one.start : one.end] for one in found} == {prose[:45]}


def test_hostile_files_are_named_and_the_index_keeps_what_it_had(
    tmp_path: Path, encoder: WordEncoder
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.txt").write_text("It rained in Oslo on Monday.\n")
    (folder / "was.txt").write_text("It snowed in Bergen on Friday.\n")
    with Engine.build(folder, index=tmp_path / "index", encoder=encoder) as engine:
        before = [engine.document(source.id) for source in engine.documents()]
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(TEXT_BYTES + 1)
    with (folder / "huge.pdf").open("wb") as huge:
        huge.truncate(10 * FILE_BYTES)
    (folder / "long.txt").write_text("ab " * (CHARACTERS // 3 + 1))
    (folder / "bomb.docx").write_bytes(word_with(b"<a>" + b"<b>" * 1_000))
    (folder / "was.txt").write_bytes(b"PK\x03\x04" + b"\0" * 30)
    os.mkfifo(folder / "pipe.txt")
    (folder / "away.txt").symlink_to("/etc/hostname")
    with Engine.build(folder, index=tmp_path / "index", encoder=encoder) as engine:
        assert [engine.document(source.id) for source in engine.documents()] == before
        report = engine.last_report
        assert report is not None
        assert (report.added, report.changed, report.removed) == ((), (), ())
        assert {item.path: item.reason.split(";")[0] for item in report.skipped} == {
            "huge.txt": "it is larger than the 20 MB that a file of its kind may have",
            "huge.pdf": "it is larger than the 200 MB that a file of its kind may have",
            "long.txt": "it holds more than 5,000,000 characters of text",
            "bomb.docx": next(
                item.reason.split(";")[0]
                for item in report.skipped
                if "damaged Word" in item.reason
            ),
            "was.txt": "it is a zip archive or office document, not text, whatever its name "
            "ends in",
            "pipe.txt": "it is not a regular file",
            "away.txt": "it is a link that leads out of the folder",
        }
