"""The answer to take along: one button that copies it, and links that save it.

The files stand in the links themselves, so nothing is written on this machine until one is saved.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass

from rag.export import to_bibtex, to_csl
from rag.page.markup import escape
from rag.results import Abstention, Answer


@dataclass(frozen=True, slots=True)
class Download:
    """A text file that the browser saves; `label` is what its link says."""

    label: str
    file_name: str
    media_type: str
    text: str


def downloads_of(result: Answer | Abstention) -> tuple[Download, ...]:
    """The result as Markdown and JSON, and the documents that it cites, where it cites any."""
    of_result = (
        Download("Markdown", "answer.md", "text/markdown", result.to_markdown()),
        Download("JSON", "answer.json", "application/json", _json(result.to_json())),
    )
    if isinstance(result, Abstention):
        return of_result
    return (
        *of_result,
        Download(
            "CSL-JSON",
            "sources.json",
            "application/vnd.citationstyles.csl+json",
            _json(to_csl(result)),
        ),
        Download("BibTeX", "sources.bib", "application/x-bibtex", to_bibtex(result)),
    )


def render_downloads(result: Answer | Abstention) -> str:
    """A button that copies the Markdown, and a link for each file."""
    links = "".join(_link(download) for download in downloads_of(result))
    return (
        '<div class="downloads" role="group" aria-label="Copy or save the answer">'
        f'<button type="button" class="copy">Copy</button><span>Save</span>{links}</div>'
    )


def _link(download: Download) -> str:
    # Base64 has none of the characters that mean something to HTML or to the page's templates.
    # What is no character (half a surrogate pair in a question) becomes a question mark.
    data = b64encode(download.text.encode("utf-8", "replace")).decode("ascii")
    name = escape(download.file_name)
    return (
        f'<a class="save" download="{name}" title="Save as {name}" '
        f'href="data:{download.media_type};charset=utf-8;base64,{data}">'
        f"{escape(download.label)}</a>"
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
