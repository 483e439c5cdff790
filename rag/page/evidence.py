"""Under the bonnet: the passages that were found, their scores, and why each was used or not."""

from __future__ import annotations

from collections.abc import Sequence

from rag.explained import Explained
from rag.page.markup import escape, isolated
from rag.page.render import details_line
from rag.page.view import View
from rag.results import Abstention
from rag.types import Hit, Span

# A passage is shown in full when it is opened; the list has its beginning.
EXCERPT_CHARS = 180
# While the documents are read: enough to see whether the search went the right way.
FOUND_SHOWN = 4


def render_found(hits: Sequence[Hit]) -> str:
    """The first passages found, for the time until they have been read."""
    passages = "".join(
        f"<li><b>{isolated(hit.passage.source.label)}</b>{details_line(hit.passage.source)}"
        f'<blockquote dir="auto">{escape(excerpt(hit.passage.text))}</blockquote></li>'
        for hit in hits[:FOUND_SHOWN]
    )
    return f'<ol class="found" aria-label="Passages found so far">{passages}</ol>' if hits else ""


def render_evidence(view: View) -> str:
    """The passages, folded away; each can be opened beside the answer. Empty without any."""
    explained = view.explained
    if explained is None or not explained.hits:
        return ""
    first = len(view.places)
    passages = "".join(
        _passage(explained, hit, index) for index, hit in enumerate(explained.hits, first)
    )
    return (
        '<details class="evidence"><summary>How this was found</summary>'
        f'<p class="explanation">{_explanation(explained)}</p><ol>{passages}</ol></details>'
    )


def why(explained: Explained, hit: Hit) -> str:
    """Why a passage was used or not, in one sentence."""
    result, passage = explained.result, hit.passage
    score = explained.reader_score(hit)
    if isinstance(result, Abstention):
        if score is None:
            return "Not used: nothing in it seems to answer."
        return f"Not used: its best sentence reaches {score:.0%}; {_need(explained)} is needed."
    of_document = [c for c in result.citations if c.source.id == passage.source.id]
    whole = Span(passage.start, passage.end)
    numbers = [result.number(c) for c in of_document if c.span.overlaps(whole)]
    if numbers:
        return "Used: quoted in " + ", ".join(f"[{number}]" for number in numbers) + "."
    if score is None:
        return "Not used: nothing in it seems to answer."
    if score < explained.least:
        return (
            f"Not used: its best sentence reaches {score:.0%}; beside the best evidence, "
            f"{explained.least:.0%} is needed."
        )
    if of_document:
        return "Not used: its document is quoted at a better place."
    return "Not used: it gives something other than the answer that was chosen."


def excerpt(text: str, limit: int = EXCERPT_CHARS) -> str:
    """The beginning of a text in whole words."""
    return text if len(text) <= limit else (text[:limit].rsplit(None, 1) or [""])[0] + "…"


def _explanation(explained: Explained) -> str:
    return (
        f"{len(explained.hits)} passages were found by meaning and by words, and read. Evidence "
        f"from {_need(explained)} on is worth an answer. <b>Meaning</b> is the likeness of "
        "question and passage (up to 1), <b>words</b> counts shared words, rare ones for more, and "
        "<b>reader</b> is the probability that its best sentence answers."
    )


def _passage(explained: Explained, hit: Hit, index: int) -> str:
    passage, score = hit.passage, explained.reader_score(hit)
    reader = "–" if score is None else f"{score:.0%}"
    scores = (("Meaning", f"{hit.dense:.2f}"), ("Words", f"{hit.lexical:.1f}"), ("Reader", reader))
    figures = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in scores)
    reason = why(explained, hit)
    used = " used" if reason.startswith("Used") else ""
    return (
        f'<li class="passage{used}"><button type="button" class="open" data-place="{index}" '
        f'aria-label="Open passage: {escape(passage.source.label)}">'
        f"{isolated(passage.source.label)}</button>{details_line(passage.source)}"
        f'<blockquote dir="auto">{escape(excerpt(passage.text))}</blockquote>'
        f'<dl class="scores">{figures}</dl><p class="why">{escape(reason)}</p></li>'
    )


def _need(explained: Explained) -> str:
    return f"{explained.threshold:.0%}"
