"""The documents that answers cite, as CSL-JSON and BibTeX: for reference managers and LaTeX.

The BibTeX is written here: the libraries that write it lay out given fields, and what can go wrong
(names, keys, escapes) would stay with the caller.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from rag.authors import Person, read_authors
from rag.language import is_stop_word
from rag.results import Abstention, Answer
from rag.types import JSON, Source

_DAY = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?")
_WEB_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})

# BibTeX counts braces even where a backslash stands before them, so they go by name.
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "`": r"\textasciigrave{}",
        **{mark: f"\\{mark}" for mark in "#$%&_"},
    }
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# What BibTeX calls an article needs the journal that it stands in; anything else is `misc`.
_IN_JOURNAL = frozenset({"article", "article-newspaper"})

# Letters that Unicode does not take apart into a base letter and a mark.
_BASE_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_WORD = re.compile(r"[^\W_]+")
# Long enough to tell the files of a folder apart, short enough to type.
_LONGEST_NAME = 24
# Hexadecimal digits: among a hundred documents of one key, two share 8 once in a million times.
_SUFFIX_DIGITS = 8


def to_csl(*results: Answer | Abstention) -> list[JSON]:
    """The cited documents as CSL-JSON items, each once, in order of first citation.

    `id` is the citation key and the same as in `to_bibtex`; `note` is the document's id. What is
    not known of a document is left out; one without a title goes by its id, as everywhere. The
    type is `article-newspaper` where publisher and date are known, else `webpage` for HTML,
    `article` for what has a publisher, and `document`. Abstentions cite nothing.
    """
    sources = _cited(results)
    return [_item(source, key) for source, key in zip(sources, _keys(sources), strict=True)]


def to_bibtex(*results: Answer | Abstention) -> str:
    """The cited documents as BibTeX entries in UTF-8, the items of `to_csl`; empty without any.

    Dates stand both in `date` (BibLaTeX) and in `year` and `month` (BibTeX). Titles are in double
    braces, so that no style changes their capitals.
    """
    return "\n".join(map(_entry, to_csl(*results)))


def _cited(results: Sequence[Answer | Abstention]) -> list[Source]:
    answers = [result for result in results if isinstance(result, Answer)]
    sources = {c.source.id: c.source for answer in answers for c in answer.citations}
    return list(sources.values())


def _item(source: Source, key: str) -> JSON:
    authors = [
        {"literal": name} if isinstance(name, str) else _csl_person(name)
        for name in read_authors(source.author, source.publisher)
    ]
    day = _date_parts(source.published)
    item: JSON = {"id": key, "type": _csl_type(source), "title": source.label}
    if source.publisher:
        item["container-title"] = source.publisher
    if authors:
        item["author"] = authors
    if day:
        item["issued"] = {"date-parts": [day]}
    item["note"] = source.id
    return item


def _csl_type(source: Source) -> str:
    if source.publisher and _date_parts(source.published):
        return "article-newspaper"
    if PurePosixPath(source.id).suffix.lower() in _WEB_SUFFIXES:
        return "webpage"
    return "article" if source.publisher else "document"


def _csl_person(person: Person) -> JSON:
    name = {"family": person.family, "given": person.given}
    return {**name, "suffix": person.suffix} if person.suffix else name


def _date_parts(published: str) -> list[int]:
    """Year, month and day as far as they are given."""
    match = _DAY.fullmatch(published)
    return [int(part) for part in match.groups() if part] if match else []


def _entry(item: JSON) -> str:
    in_journal = item["type"] in _IN_JOURNAL
    fields = {
        "author": " and ".join(map(_bibtex_name, item.get("author", ()))),
        "title": f"{{{_latex(item['title'])}}}",
        "journal" if in_journal else "howpublished": _latex(item.get("container-title", "")),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    if "issued" in item:
        parts = item["issued"]["date-parts"][0]
        day = "-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])])
        lines += [f"  date = {{{day}}}", f"  year = {{{parts[0]:04}}}"]
        lines += [f"  month = {_MONTHS[month - 1]}" for month in parts[1:2]]
    lines.append(f"  note = {{{_latex(item['note'])}}}")
    kind = "article" if in_journal else "misc"
    return f"@{kind}{{{item['id']},\n" + ",\n".join(lines) + "\n}\n"


def _bibtex_name(name: JSON) -> str:
    """`von Family, Jr., Given`; a name in braces is one word to BibTeX, whatever is in it."""
    if "literal" in name:
        return f"{{{_latex(name['literal'])}}}"
    parts = (name["family"], name.get("suffix", ""), name["given"])
    return ", ".join(_latex(part) for part in parts if part)


def _latex(text: str) -> str:
    """The text on one line for LaTeX: the same characters once it is set."""
    return " ".join(text.split()).translate(_LATEX)


def _keys(sources: Sequence[Source]) -> list[str]:
    """A key for each document; where several would share one, each has a digest of its id added.

    The digest and not a letter, because a letter would pass from one document to another with the
    question.
    """
    keys = [_key(source) for source in sources]
    times = Counter(keys)
    return [
        f"{key}-{hashlib.sha256(source.id.encode()).hexdigest()[:_SUFFIX_DIGITS]}"
        if times[key] > 1
        else key
        for key, source in zip(keys, sources, strict=True)
    ]


def _key(source: Source) -> str:
    """`reuters2024putin`: who, the year, and the first word of the title that says something."""
    names = read_authors(source.author, source.publisher)
    first = names[0] if names else source.publisher
    who = _ascii(first.family) if isinstance(first, Person) else _first_word(first)
    who = who or _first_word(source.publisher)
    what = _first_word(source.title) or _ascii(PurePosixPath(source.id).stem)
    year = "".join(str(part) for part in _date_parts(source.published)[:1])
    return f"{who}{year}{what[:_LONGEST_NAME]}" or "document"


def _first_word(text: str) -> str:
    """The first word with a meaning of its own, not a number where there is another."""
    words = [word for word in _WORD.findall(text) if not is_stop_word(word)]
    keys = [key for key in map(_ascii, words) if key]
    return next((key for key in keys if not key.isdigit()), keys[0] if keys else "")


def _ascii(text: str) -> str:
    """The letters and digits of a text as lower-case ASCII; other scripts give nothing."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_BASE_LETTERS)).lower()
    return "".join(char for char in plain if char.isascii() and char.isalnum())
