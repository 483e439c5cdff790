"""The documents as HTML: the drop area, what became of files, the table, and a document to read."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence

from rag.engine import Listed
from rag.page.markup import SHOWN_CHARS, escape, isolated, part_html
from rag.page.render import details_line
from rag.page.uploads import MAX_FILE_BYTES, MAX_FILES, MAX_LOT_BYTES, Outcome
from rag.page.view import readable_date
from rag.reading import SUFFIXES
from rag.types import Document, Span

# Rows that a browser lays out without a pause; the filter finds the others.
MOST_ROWS = 200
MOST_COPIES = 3


def token(document_id: str) -> str:
    """An id for an attribute, which shows other characters for some of its own."""
    return urlsafe_b64encode(document_id.encode("utf-8", "surrogatepass")).decode("ascii")


def id_of(given: object) -> str:
    """The id that a token stands for; one that stands for none gives an empty id."""
    try:
        return urlsafe_b64decode(str(given)).decode("utf-8", "surrogatepass")
    except ValueError:
        return ""


def render_drop(writable: bool) -> str:
    """The area that takes files and folders, or a line that says why there is none."""
    if not writable:
        return (
            '<p class="cut">Documents cannot be changed here, as this page is open to others '
            "without a login.</p>"
        )
    kinds = ",".join(sorted(SUFFIXES))
    limits = (
        f'data-kinds="{kinds}" data-most="{MAX_FILES}" data-bytes="{MAX_FILE_BYTES}" '
        f'data-lot="{MAX_LOT_BYTES}"'
    )
    names = ", ".join(suffix.removeprefix(".") for suffix in sorted(SUFFIXES))
    return (
        f'<section class="drop" aria-label="Add documents" {limits}>'
        "<p><b>Drop files or a folder here</b> to add them. A file of the same name is replaced."
        '</p><p class="pick"><button type="button" class="files">Choose files</button> '
        '<button type="button" class="folder">Choose a folder</button></p>'
        f'<p class="limits">{names}; up to {MAX_FILE_BYTES // 2**20} MB each, {MAX_FILES} files '
        "at a time. They stay on this machine.</p>"
        f'<input type="file" class="of-files" multiple accept="{kinds}" hidden '
        'aria-label="Files to add"><input type="file" class="of-folder" webkitdirectory hidden '
        'aria-label="Folder to add"><p class="sending" role="status"></p></section>'
    )


def render_progress(names: Sequence[str], stage: str, done: int, total: int) -> str:
    """How far the indexing is, by file where each is one step."""
    rows = ""
    if total == len(names) and stage.startswith("Reading"):
        states = ("read", "reading…", "waiting")
        rows = "".join(
            f"<li>{isolated(name)} <span>{states[(at > done) - (at < done) + 1]}</span></li>"
            for at, name in enumerate(sorted(names))
        )
    return (
        '<section class="lot" role="status" aria-busy="true">'
        f"<p>{escape(stage)}: {done:,} of {total:,} "
        f'<progress max="{max(total, 1)}" value="{done}" aria-label="{escape(stage)}">'
        f"</progress></p><ol>{rows}</ol></section>"
    )


def render_lot(outcomes: Sequence[Outcome]) -> str:
    """What became of each file; those that were refused come first."""
    refused = sum(outcome.refused for outcome in outcomes)
    taken = len(outcomes) - refused
    told = f"{taken:,} done" + (f", {refused:,} refused" if refused else "")
    rows = "".join(
        f'<li class="{"refused" if one.refused else "taken"}">{isolated(one.name)} '
        f"<span>{escape(one.state)}{': ' if one.detail else ''}{isolated(one.detail)}</span></li>"
        for one in sorted(outcomes, key=lambda one: not one.refused)
    )
    return f'<section class="lot" role="status"><p>{told}</p><ol>{rows}</ol></section>'


def render_catalogue(
    documents: Sequence[Listed], wanted: str, owned: Callable[[Listed], bool]
) -> str:
    """A table of the documents that have all the wanted words; `owned` ones can be removed."""
    words = wanted.casefold().split()
    chosen = [one for one in documents if all(word in _searched(one) for word in words)]
    rows = "".join(_row(one, owned(one)) for one in chosen[:MOST_ROWS])
    if not rows:
        told = "No document has these words." if words else "There are no documents yet."
        return f'<p class="cut" role="status">{told}</p>'
    more = ""
    if len(chosen) > MOST_ROWS:
        more = (
            f'<p class="cut">The first {MOST_ROWS} of {len(chosen):,} are shown: '
            "find others by their words.</p>"
        )
    columns = ("Document", "Publisher", "Date", "Passages", "Near-copies")
    heads = "".join(f'<th scope="col">{name}</th>' for name in columns)
    return (
        f'{more}<table class="catalogue"><caption class="unseen">Documents</caption><thead><tr>'
        f"{heads}<td></td></tr></thead><tbody>{rows}</tbody></table>"
    )


def render_reading(document: Document, start: int) -> str:
    """A part of a document to read, with buttons to the parts before and after it."""
    length = len(document.text)
    start = max(0, min(start, max(0, length - 1)) // SHOWN_CHARS * SHOWN_CHARS)
    end = min(length, start + SHOWN_CHARS)
    name, source = token(document.source.id), document.source
    turns = "".join(
        f'<button type="button" class="turn" data-document="{name}" data-start="{to}">{told}'
        "</button>"
        for to, told in ((start - SHOWN_CHARS, "Part before"), (end, "Part after"))
        if 0 <= to < length
    )
    part = ""
    if turns:
        part = f'<p class="cut">Characters {start:,}–{end:,} of {length:,} {turns}</p>'
    text = part_html(document, Span(start, end)) if end > start else ""
    below = f'<p class="details">{isolated(source.id)}</p>' if source.title else ""
    return (
        f'<section class="source reading" aria-label="{escape(source.label)}">'
        '<button type="button" class="shut">All documents</button>'
        f'<div class="source-header"><h2>{isolated(source.label)}</h2>{details_line(source)}'
        f"{below}</div>{part}"
        '<div class="source-text" tabindex="0" role="document" aria-label="Text of the document" '
        f'dir="auto">{text}</div></section>'
    )


def _row(one: Listed, owned: bool) -> str:
    source, name = one.source, token(one.source.id)
    copies = ", ".join(isolated(id_) for id_ in one.copies[:MOST_COPIES])
    if len(one.copies) > MOST_COPIES:
        copies += f" and {len(one.copies) - MOST_COPIES:,} more"
    below = f'<span class="details">{isolated(source.id)}</span>' if source.title else ""
    remove = ""
    if owned:
        remove = (
            f'<button type="button" class="remove" data-document="{name}" '
            f'aria-label="Remove {escape(source.label)}">Remove</button>'
        )
    cells = (
        ("Publisher", isolated(source.publisher) if source.publisher else ""),
        ("Date", isolated(readable_date(source.published)) if source.published else ""),
        ("Passages", f"{one.passages:,}"),
        ("Near-copies", copies),
    )
    middle = "".join(f'<td data-label="{label}">{value}</td>' for label, value in cells)
    return (
        f'<tr><th scope="row"><button type="button" class="open" data-document="{name}">'
        f"{isolated(source.label)}</button>{below}</th>{middle}<td>{remove}</td></tr>"
    )


def _searched(one: Listed) -> str:
    source = one.source
    return f"{source.title} {source.publisher} {source.published} {source.id}".casefold()
