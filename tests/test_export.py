"""Exports: CSL-JSON, BibTeX that a parser reads back, Markdown that renders to the quote."""

from __future__ import annotations

import html
import re

import bibtexparser
import pytest
from bibtexparser import middlewares
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.authors import Name, Person, read_authors
from rag.export import to_bibtex, to_csl
from rag.markdown import escape, one_line
from rag.results import Abstention, Answer, Claim
from rag.types import JSON, Citation, Hit, Passage, Source, Span

# What the CSL data model has for an item's variables, of those that an export can hold.
CSL_TYPES = {"article-newspaper", "article", "webpage", "document"}
CSL_STRINGS = {"id", "type", "title", "container-title", "note"}

PUTIN = Source(
    "news/003.txt",
    "Putin says troops would be ‘targets’",
    "Reuters",
    "Reuters staff",
    "2024-09-05",
)


def answer(*sources: Source, quote: str = "A quote.", text: str = "An answer") -> Answer:
    citations = tuple(Citation(source, 0, len(quote), quote) for source in sources)
    spans = tuple(citation.span for citation in citations)
    return Answer("Who?", (Claim(text, citations, spans, 0.9),), 0.9)


def abstention(passage: str = "Near.") -> Abstention:
    span = Span(0, len(passage))
    near = Passage(PUTIN, 0, len(passage), passage, (span,))
    return Abstention("Who?", 0.1, "#1 is *unknown*.", (Hit(near, 1.0, 0.5, 0.0),))


def parsed(text: str) -> list[dict[str, str]]:
    """The entries that a BibTeX parser finds, LaTeX decoded, with their `ENTRYTYPE` and `ID`."""
    library = bibtexparser.parse_string(
        text, append_middleware=[middlewares.LatexDecodingMiddleware()]
    )
    assert library.failed_blocks == []
    assert len(library.blocks) == len(library.entries)
    return [
        {"ENTRYTYPE": e.entry_type, "ID": e.key, **{f.key: f.value for f in e.fields}}
        for e in library.entries
    ]


def check_csl(item: JSON) -> None:
    assert item["type"] in CSL_TYPES
    assert set(item) <= CSL_STRINGS | {"author", "issued"}
    assert all(isinstance(item[key], str) and item[key] for key in CSL_STRINGS & set(item))
    for name in item.get("author", ()):
        assert set(name) in ({"literal"}, {"family", "given"}, {"family", "given", "suffix"})
    if "issued" in item:
        assert set(item["issued"]) == {"date-parts"}
        (parts,) = item["issued"]["date-parts"]
        assert 1 <= len(parts) <= 3
        assert all(isinstance(part, int) for part in parts)


def test_a_newspaper_article_with_all_that_is_known() -> None:
    (item,) = to_csl(answer(PUTIN))
    assert item == {
        "id": "reuters2024putin",
        "type": "article-newspaper",
        "title": "Putin says troops would be ‘targets’",
        "container-title": "Reuters",
        "author": [{"literal": "Reuters staff"}],
        "issued": {"date-parts": [[2024, 9, 5]]},
        "note": "news/003.txt",
    }
    assert to_bibtex(answer(PUTIN)) == (
        "@article{reuters2024putin,\n"
        "  author = {{Reuters staff}},\n"
        "  title = {{Putin says troops would be ‘targets’}},\n"
        "  journal = {Reuters},\n"
        "  date = {2024-09-05},\n"
        "  year = {2024},\n"
        "  month = sep,\n"
        "  note = {news/003.txt}\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("source", "kind", "entry"),
    [
        (Source("a.txt", "T", "P", published="2024-09-05"), "article-newspaper", "article"),
        (Source("a.html", "T", "P", published="2024-09-05"), "article-newspaper", "article"),
        (Source("a.html", "T", "P"), "webpage", "misc"),
        (Source("a.HTM", "T", published="2024-09-05"), "webpage", "misc"),
        (Source("a.pdf", "T", "P"), "article", "article"),
        (Source("a.pdf", "T", author="Ann Lee", published="2024-09-05"), "document", "misc"),
        (Source("a.txt"), "document", "misc"),
    ],
)
def test_the_type_says_no_more_than_is_known(source: Source, kind: str, entry: str) -> None:
    (item,) = to_csl(answer(source))
    check_csl(item)
    assert item["type"] == kind
    (read,) = parsed(to_bibtex(answer(source)))
    assert read["ENTRYTYPE"] == entry
    assert read.get("journal" if entry == "article" else "howpublished", "") == source.publisher


def test_the_unknown_is_left_out() -> None:
    bare = answer(Source("reports/annual_report.pdf"))
    assert to_csl(bare) == [
        {
            "id": "annualreport",
            "type": "document",
            "title": "reports/annual_report.pdf",
            "note": "reports/annual_report.pdf",
        }
    ]
    (entry,) = parsed(to_bibtex(bare))
    assert set(entry) == {"ENTRYTYPE", "ID", "title", "note"}


@pytest.mark.parametrize(
    ("published", "parts", "fields"),
    [
        ("2024-09-05", [2024, 9, 5], {"date": "2024-09-05", "year": "2024", "month": "sep"}),
        ("2024-12", [2024, 12], {"date": "2024-12", "year": "2024", "month": "dec"}),
        ("2024", [2024], {"date": "2024", "year": "2024"}),
        ("last week", None, {}),
        ("", None, {}),
    ],
)
def test_dates_go_as_far_as_they_are_given(
    published: str, parts: list[int] | None, fields: dict[str, str]
) -> None:
    dated = answer(Source("a.txt", "Title", published=published))
    (item,) = to_csl(dated)
    check_csl(item)
    assert item.get("issued") == (parts and {"date-parts": [parts]})
    (entry,) = parsed(to_bibtex(dated))
    assert {k: v for k, v in entry.items() if k in ("date", "year", "month")} == fields


THREE = [Person("Lee", "Ann"), Person("Chen", "Bo"), Person("Dow", "Cy")]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ann Lee", [Person("Lee", "Ann")]),
        ("By Ann Lee and Bo Chen", [Person("Lee", "Ann"), Person("Chen", "Bo")]),
        ("Ann Lee, Bo Chen & Cy Dow", THREE),
        ("Ann Lee, Bo Chen, and Cy Dow", THREE),
        ("van der Berg, Ann", [Person("van der Berg", "Ann")]),
        ("van der Berg, Ann; Lee, Bo", [Person("van der Berg", "Ann"), Person("Lee", "Bo")]),
        ("Ursula von der Leyen", [Person("von der Leyen", "Ursula")]),
        ("John F. O'Neil", [Person("O'Neil", "John F.")]),
        ("Bashar al-Assad", [Person("al-Assad", "Bashar")]),
        ("Martin Luther King Jr.", [Person("King", "Martin Luther", "Jr.")]),
        ("King, Martin Luther, Jr.", [Person("King", "Martin Luther", "Jr.")]),
        ("Łukasz Żółć", [Person("Żółć", "Łukasz")]),
        ("Ann Lee and Reuters staff", [Person("Lee", "Ann"), "Reuters staff"]),
        ("Ann Lee, Iris Press", [Person("Lee", "Ann"), "Iris Press"]),
        ("Iris Press", ["Iris Press"]),
        ("Reuters staff", ["Reuters staff"]),
        ("The Editorial Board", ["The Editorial Board"]),
        ("European Central Bank", ["European Central Bank"]),
        ("Ministry of Justice and Public Security", ["Ministry of Justice and Public Security"]),
        ("BBC Verify", ["BBC Verify"]),
        ("Madonna", ["Madonna"]),
        ("王小明", ["王小明"]),
        ("ann@example.org", ["ann@example.org"]),
        ("Ann Lee, Kyiv, 3 May", ["Ann Lee, Kyiv, 3 May"]),
        (" ; ,", [","]),
        ("", []),
    ],
)  # fmt: skip
def test_author_lines(line: str, names: list[Name]) -> None:
    assert read_authors(line, publisher="Iris Press") == tuple(names)


def test_names_in_csl_and_bibtex() -> None:
    source = Source(
        "a.txt", "T", "Iris Press", "van der Berg, Ann; Martin King Jr.; Trade and Industry"
    )
    (item,) = to_csl(answer(source))
    check_csl(item)
    assert item["author"] == [
        {"family": "van der Berg", "given": "Ann"},
        {"family": "King", "given": "Martin", "suffix": "Jr."},
        {"literal": "Trade and Industry"},
    ]
    library = bibtexparser.parse_string(
        to_bibtex(answer(source)),
        append_middleware=[middlewares.SeparateCoAuthors(), middlewares.SplitNameParts()],
    )
    names = library.entries[0]["author"]
    assert [(n.first, n.von, n.last, n.jr) for n in names] == [
        (["Ann"], ["van", "der"], ["Berg"], []),
        (["Martin"], [], ["King"], ["Jr."]),
        ([], [], ["{Trade and Industry}"], []),
    ]


@pytest.mark.parametrize(
    ("source", "key"),
    [
        (Source("a.txt", "The 26 nations agree", "The Iris", "", "2024-09-05"), "iris2024nations"),
        (Source("a.txt", "26", "Iris", "", "2024-09-05"), "iris202426"),
        (Source("a.txt", "Über Łódź", author="José García-Ñandú"), "garciananduuber"),
        (Source("x/003_ef3b.txt", "Война и мир", "Правда", "", "2024-09-05"), "2024003ef3b"),
        (Source("война.txt"), "document"),
        (Source("a.txt", "Bridges", author="van der Berg, Ann"), "vanderbergbridges"),
    ],
)  # fmt: skip
def test_keys(source: Source, key: str) -> None:
    assert [item["id"] for item in to_csl(answer(source))] == [key]


def test_documents_of_one_key_keep_theirs_whatever_the_order() -> None:
    twins = [
        Source(f"{n}.txt", "Putin says no", "Reuters", published="2024-09-05") for n in range(3)
    ]
    other = Source("o.txt", "Ferry", "Reuters", published="2024-09-05")
    keys = {item["note"]: item["id"] for item in to_csl(answer(*twins, other))}
    assert len(set(keys.values())) == 4
    assert keys["o.txt"] == "reuters2024ferry"
    assert all(re.fullmatch(r"reuters2024putin-[0-9a-f]{8}", keys[s.id]) for s in twins)
    back = {item["note"]: item["id"] for item in to_csl(answer(*reversed(twins[1:])))}
    assert back == {s.id: keys[s.id] for s in twins[1:]}


def test_each_document_once_over_several_answers() -> None:
    other = Source("o.txt", "Ferry")
    quotes = (Citation(PUTIN, 0, 2, "A "), Citation(PUTIN, 2, 4, "B."))
    spans = tuple(quote.span for quote in quotes)
    twice = Answer("Who?", (Claim("A", quotes, spans, 0.9),), 0.9)
    results = (twice, abstention(), answer(other, PUTIN))
    assert [item["note"] for item in to_csl(*results)] == ["news/003.txt", "o.txt"]
    assert [e["ID"] for e in parsed(to_bibtex(*results))] == ["reuters2024putin", "ferry"]


def test_an_abstention_cites_nothing() -> None:
    assert to_csl(abstention()) == []
    assert to_bibtex(abstention()) == ""


def test_latex_marks_are_read_back() -> None:
    hard = 'R&D: 50% of $1 & #2, a_b ~ `x` "q" C:\\new — naïve Łódź 北京\n@end, x = 1'
    source = Source("a_b & c.txt", hard, "AT&T", "A_B & {Co}, 1st", "2024-09-05")
    (entry,) = parsed(to_bibtex(answer(source)))
    assert entry["title"] == hard.replace("\n", " ")
    assert (entry["journal"], entry["note"]) == ("AT&T", "a_b & c.txt")
    assert "author = {{A\\_B \\& \\textbraceleft{}Co\\textbraceright{}, 1st}}" in to_bibtex(
        answer(source)
    )
    assert "naïve Łódź 北京" in to_bibtex(answer(source))


@given(st.lists(st.text(max_size=30), min_size=4, max_size=4))
def test_any_metadata_give_one_whole_entry(texts: list[str]) -> None:
    title, publisher, author, name = texts
    source = Source(f"{name}.txt", title, publisher, author, "2024-09-05")
    check_csl(to_csl(answer(source))[0])
    text = to_bibtex(answer(source))
    depth = 0
    for mark in re.findall("[{}]", text):
        depth += 1 if mark == "{" else -1
        assert depth >= 0
    assert depth == 0
    assert re.fullmatch(r"[a-z0-9]+", parsed(text)[0]["ID"])


def test_a_letter_that_turns_into_a_capital_makes_a_key_in_small_letters() -> None:
    source = Source("🄐.txt", "", "", "", "2024-09-05")
    assert re.fullmatch(r"[a-z0-9]+", parsed(to_bibtex(answer(source)))[0]["ID"])


MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HARD = [
    "plain `code` and ``two``",
    "*a* **b** _c_ __d__ a_b_c",
    "as he said [1] and [x](http://y.z) ![i](j) [^2] [ ] open",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "<b>bold</b> <!-- gone --> <http://a.b> x < y > z",
    "first line\n\n    indented\n\n# heading\n- item",
    "&amp; &lt; &#42; AT&T",
    "ends with a backslash \\",
    "\\*not\\* \\[x\\]",
    "~~gone~~ $x$ ^up^ ==mark==",
    "see https://a.b/c_d*e* and www.a_b.com",
    "- 5 degrees",
    "+ 5",
    "# 1",
    "> quoted",
    "2025. It was",
    "2025) It was",
    "---",
    "=====",
    "```",
    "no\u00a0break and\u3000wide",
]


def shown(markdown: str) -> list[str]:
    """The text of each paragraph and list item, as a browser shows it."""
    rendered = MARKDOWN.render(markdown)
    blocks = re.findall(r"<(?:p|li)>([^\n].*?)</(?:p|li)>", rendered, re.DOTALL)
    return [html.unescape(re.sub(r"</?strong>", "", block)) for block in blocks]


@pytest.mark.parametrize("quote", HARD)
def test_markdown_shows_every_text_as_it_is(quote: str) -> None:
    plain = one_line(quote)
    source = Source("a_b/*c*.txt", f"Title [{plain}]", "P|Q", published="2024-09-05")
    given_answer = Answer(
        quote,
        (Claim(quote, (cited := Citation(source, 0, len(quote), quote),), (cited.span,), 0.9),),
        0.9,
        notes=(quote,),
    )
    about = f"Title [{plain}], P|Q, 2024-09-05, a_b/*c*.txt, characters 0–{len(quote)}: “{plain}”"
    assert shown(given_answer.to_markdown()) == [
        plain,
        f"{plain} [1]",
        f"Note: {plain}",
        "References",
        about,
    ]
    assert given_answer.to_text().splitlines()[0] == plain
    assert given_answer.to_text().splitlines()[-1] == f"1. {about}"


@pytest.mark.parametrize("passage", HARD)
def test_an_abstention_shows_every_text_as_it_is(passage: str) -> None:
    plain = one_line(passage)
    question, reason, heading, near = shown(abstention(passage).to_markdown())
    assert (question, reason, heading) == ("Who?", "#1 is *unknown*.", "Nearest passages")
    assert near.endswith(f"news/003.txt, characters 0–{len(passage)}: “{plain}”")
    assert abstention(passage).to_text().startswith("Who?\n\n#1 is *unknown*.\n\nNearest")


def test_plain_prose_is_not_escaped() -> None:
    prose = "“It's 5.5% (up), he said: no - never; U.S. & U.K. = 2, #1!” 26 nations"
    assert escape(prose) == prose


@given(st.text(alphabet="ab1 \n\\`*_[]()<>|~$^@&=#+-.:;!{}\"'wA/x"))
def test_any_text_comes_through_markdown(text: str) -> None:
    plain = one_line(text)
    rendered = MARKDOWN.render(escape(text)).strip()
    assert html.unescape(rendered) == (
        f"<p>{html.unescape(html.escape(plain))}</p>" if plain else ""
    )
