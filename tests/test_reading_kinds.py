"""Web pages, PDF and Word files: text, metadata and the reasons why one cannot be read."""

from __future__ import annotations

import io
import logging
import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.text.paragraph import Paragraph
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from rag.errors import ReadingError
from rag.reading import find_files, read_document
from rag.types import Document

PARAGRAPHS = (
    "The harbour of Ystad opened on Monday after two years of work on its northern wall.",
    "The minister said that the café on the quay would follow in May, if the weather allowed.",
    "Fishermen had asked for a longer wall, but the council declined to pay for it in March.",
)


def read(root: Path, name: str, data: bytes) -> Document:
    (root / name).write_bytes(data)
    (ref,) = find_files(root / name).files
    return read_document(ref, name)


def pdf(
    pages: Sequence[Sequence[str]],
    encrypt: StandardEncryption | None = None,
    title: str = "",
    author: str = "",
) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=encrypt, invariant=1)
    if title:
        canvas.setTitle(title)
    if author:
        canvas.setAuthor(author)
    for lines in pages:
        for number, line in enumerate(lines):
            canvas.drawString(50, 800 - 14 * number, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def word(fill: Callable[[docx.document.Document], None]) -> bytes:
    file = io.BytesIO()
    document = docx.Document()
    fill(document)
    document.save(file)
    return file.getvalue()


def furniture(document: Document) -> list[str]:
    return [document.text[span.start : span.end] for span in document.furniture]


def test_a_news_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    page = f"""<!doctype html><html><head><meta charset="utf-8">
        <title>Harbour opens | Ystad Post</title>
        <meta property="og:title" content="Harbour opens">
        <meta property="og:site_name" content="Ystad Post">
        <meta name="author" content="Ann Poe">
        <meta property="article:published_time" content="2025-03-04T10:00:00Z">
        <script src="http://example.org/a.js"></script></head>
        <body><nav><a href="/">Start</a></nav><article><h1>Harbour opens</h1>{body}
        <img src="http://example.org/a.png"></article><footer>Imprint</footer></body></html>"""
    document = read(tmp_path, "a.html", page.encode())
    assert document.text.splitlines() == ["Harbour opens", *PARAGRAPHS]
    source = document.source
    assert (source.title, source.publisher, source.author, source.published) == (
        "Harbour opens",
        "Ystad Post",
        "Ann Poe",
        "2025-03-04",
    )


def test_a_page_that_is_no_article_gives_its_whole_text(tmp_path: Path) -> None:
    page = (
        "<html><head><title>Dues</title><style>p {}</style><script>var a = 1</script></head><body>"
        "<nav>Start</nav><ul><li>Boats\n  pay <b>5</b> kroner<!-- now --></li><li>Ships 9</li></ul>"
        "<table><tr><th>Place</th><th>Dues</th></tr><tr><td>Ystad</td><td>5</td></tr></table>"
        "<form><button>Send</button></form>The end.</body></html>"
    )
    document = read(tmp_path, "a.htm", page.encode())
    assert document.text == "Boats pay 5 kroner\nShips 9\nPlace\tDues\nYstad\t5\nThe end."
    assert document.source.title == "Dues"


def test_the_encoding_of_a_page_is_respected(tmp_path: Path) -> None:
    xhtml = (
        "<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'>"
        "<head><title>Café</title></head><body><p>Žluťoučký kůň</p></body></html>"
    )
    assert read(tmp_path, "a.xhtml", xhtml.encode()).text == "Žluťoučký kůň"


def test_a_pdf_gives_its_lines_and_metadata(tmp_path: Path) -> None:
    data = pdf(
        [
            ["Harbour report", "The wall has a new secu-", "rity gate and a well-", "known light."],
            ["The light is well-known.", "Page 2 of 2"],
        ],
        title="Harbour Report 2025",
        author="Ann Poe",
    )
    document = read(tmp_path, "a.pdf", data)
    assert document.text == (
        "Harbour report\nThe wall has a new security gate and a well-known light.\n\n"
        "The light is well-known.\nPage 2 of 2"
    )
    assert (document.source.title, document.source.author) == ("Harbour Report 2025", "Ann Poe")
    assert furniture(document) == ["Page 2 of 2"]


def test_names_that_programs_give_to_a_pdf_are_no_titles(tmp_path: Path) -> None:
    document = read(tmp_path, "a.pdf", pdf([["Harbour opens", "It rained. " * 8]]))
    assert (document.source.title, document.source.author) == ("Harbour opens", "")
    document = read(tmp_path, "a.pdf", pdf([["It rained."]], title="Microsoft Word - a.docx"))
    assert document.source.title == ""


def test_the_printed_day_is_better_than_the_day_of_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, "a.pdf", pdf([["It rained."]])).source.published == "2000-01-01"
    dated = pdf([["Harbour opens", "Published: 4 March 2025", "It rained."]])
    assert read(tmp_path, "a.pdf", dated).source.published == "2025-03-04"


def test_running_heads_and_feet_of_a_pdf_are_furniture(tmp_path: Path) -> None:
    pages = [["Ystad Harbour Board", f"Part {n} begins.", f"It rained {n} times.", f"{n}"]
             for n in range(1, 5)]  # fmt: skip
    document = read(tmp_path, "a.pdf", pdf(pages))
    expected = [line for n in range(1, 5) for line in ("Ystad Harbour Board", str(n))]
    assert furniture(document) == expected


def test_a_pdf_without_user_password_is_opened_another_is_not(tmp_path: Path) -> None:
    lines = [["It rained in Oslo."]]
    assert read(tmp_path, "a.pdf", pdf(lines, StandardEncryption("", "owner"))).text == lines[0][0]
    with pytest.raises(ReadingError, match="encrypted with a password; save a copy without"):
        read(tmp_path, "a.pdf", pdf(lines, StandardEncryption("user", "owner")))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf([[], []]), "its 2 pages hold no text, perhaps it is a scan; .*OCR"),
        (pdf([["It rained."]])[:300], "it is a damaged PDF"),
        (b"no pdf at all", "it is something else, not a PDF, whatever its name ends in"),
        (b"", "it is empty"),
    ],
)
def test_bad_pdfs_are_refused_with_the_reason(
    tmp_path: Path, data: bytes, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(ReadingError, match=reason):
        read(tmp_path, "a.pdf", data)
    assert [entry for entry in caplog.records if entry.name.startswith("pypdf")] == []


def test_a_word_file_gives_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    def fill(document: docx.document.Document) -> None:
        document.add_heading("Harbour plan", 0)
        document.add_paragraph("The ferry leaves at nine.")
        table = document.add_table(2, 2)
        for cell, text in zip(
            (cell for row in table.rows for cell in row.cells),
            ("Place", "Dues", "Ystad", "5 kroner"),
            strict=True,
        ):
            cell.text = text
        document.add_paragraph("The café opens in May.")
        document.sections[0].header.paragraphs[0].text = "Draft"
        document.sections[0].footer.paragraphs[0].text = "Confidential"

    document = read(tmp_path, "a.docx", word(fill))
    assert document.text == (
        "Harbour plan\nThe ferry leaves at nine.\nPlace\tDues\nYstad\t5 kroner\n"
        "The café opens in May."
    )
    source = document.source
    # Neither the author nor the day of the writing library's template.
    assert (source.title, source.author, source.published) == ("Harbour plan", "", "")


def test_merged_cells_are_read_once(tmp_path: Path) -> None:
    def fill(document: docx.document.Document) -> None:
        table = document.add_table(1, 3)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "Wide"
        table.cell(0, 2).text = "Last"

    assert read(tmp_path, "a.docx", word(fill)).text == "Wide\tLast"


def test_tracked_changes_and_fields_of_a_word_file_are_read_as_they_would_be_printed(
    tmp_path: Path,
) -> None:
    def wrapped(paragraph: Paragraph, kind: str, text: str) -> None:
        run = paragraph.add_run(text)._r
        inner = outer = OxmlElement(f"w:{kind}")
        if kind == "sdt":
            inner = OxmlElement("w:sdtContent")
            outer.append(inner)
        run.addprevious(outer)
        inner.append(run)

    def fill(document: docx.document.Document) -> None:
        first = document.add_paragraph("The deposit is ")
        wrapped(first, "ins", "not ")
        wrapped(first, "del", "always ")
        first.add_run("refundable.")
        second = document.add_paragraph("The tenant is ")
        wrapped(second, "sdt", "Ann Lee")
        second.add_run(", since ")
        wrapped(second, "fldSimple", "1 May")

    text = read(tmp_path, "a.docx", word(fill)).text
    assert text == "The deposit is not refundable.\nThe tenant is Ann Lee, since 1 May"


def test_the_properties_of_a_word_file_are_its_metadata(tmp_path: Path) -> None:
    def fill(document: docx.document.Document) -> None:
        document.add_paragraph("It rained in Oslo.")
        document.core_properties.title = "Harbour plan"
        document.core_properties.author = "Ann Poe"
        document.core_properties.created = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)

    source = read(tmp_path, "a.docx", word(fill)).source
    assert (source.title, source.author, source.published) == (
        "Harbour plan",
        "Ann Poe",
        "2025-03-04",
    )


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "encrypted with a password"),
        ("a.docx", b"PK\x05\x06" + b"\0" * 18, "damaged Word document"),
        ("a.docx", b"no zip at all", "it is something else, not a Word document"),
        ("a.docx", word(lambda _: None), "it is empty"),
        ("a.docx", word(lambda d: d.add_paragraph("It rained."))[:2000], "damaged Word document"),
        ("a.html", b"no page at all", "not a web page"),
        ("a.html", b"<html><body><script>a</script></body></html>", "it is empty"),
    ],
)
def test_bad_files_are_refused_with_the_reason(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    with pytest.raises(ReadingError, match=reason):
        read(tmp_path, name, data)


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.html"])
def test_damage_anywhere_gives_text_or_a_reason(tmp_path: Path, name: str) -> None:
    whole = {
        "a.pdf": pdf([["It rained in Oslo."]]),
        "a.docx": word(lambda document: document.add_paragraph("It rained in Oslo.")),
        "a.html": b"<html><head><title>x</title></head><body><p>It rained.</p></body></html>",
    }[name]
    step = max(1, len(whole) // 60)
    texts, reasons = [], []
    for place in range(0, len(whole), step):
        for damaged in (
            whole[:place] + b"\xff\x00" + whole[place + 2 :],
            whole[:place] + whole[place + step :],
        ):
            try:
                texts.append(read(tmp_path, name, damaged).text)
            except ReadingError as error:
                reasons.append(str(error))
    assert texts
    assert reasons
    assert all(texts + reasons)
