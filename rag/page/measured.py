"""An evaluation as HTML: its figures, plots, and every wrong answer beside what was wanted."""

from __future__ import annotations

from collections.abc import Sequence

from rag.evaluation.reporting import Contents
from rag.evaluation.reporting.charts import kind_bars, reliability_diagram, risk_coverage_curve
from rag.evaluation.reporting.contents import Measured, hits, was_cited
from rag.evaluation.rows import Row
from rag.page.markup import escape, isolated


def render_quality_form(sample: int, most: int, has_own: bool) -> str:
    """What is asked: how many questions of which set."""
    own = "Without a file, the set of the project’s own seeds is asked." if has_own else ""
    return (
        '<section class="quality-form" aria-label="Measure the answers">'
        "<p>Ask questions whose answers are known, and see how many are answered rightly. "
        f'{own}</p><p class="pick"><label>Questions <input type="number" class="count" '
        f'min="1" max="{most}" value="{sample}"></label> '
        '<label>Question set <input type="file" class="set" accept=".jsonl,.json,.txt"></label> '
        '<button type="button" class="measure">Measure</button></p></section>'
    )


def render_asked(question: str, done: int, total: int) -> str:
    """How far the asking is."""
    return (
        '<section class="lot" role="status" aria-busy="true">'
        f'<p>Asking: {done:,} of {total:,} <progress max="{max(total, 1)}" value="{done}" '
        f'aria-label="Questions asked"></progress></p><p class="note">{isolated(question)}</p>'
        "</section>"
    )


def render_contents(found: Contents) -> str:
    """The figures with their intervals, three plots, and the wrong rows."""
    report = found.report
    figures = "".join(_figure(measured) for measured in found.headline())
    plots = (
        ("By kind", "the share of right ones, with its 95% interval", kind_bars(found.bars())),
        (
            "Reliability",
            "calibrated confidences lie on the diagonal; few answers scatter around it",
            reliability_diagram(found.bins()),
        ),
        (
            "Risk and coverage",
            "the share of wrong ones when only the most confident are answered",
            risk_coverage_curve(report.curve, found.decided()),
        ),
    )
    drawn = "".join(
        f"<figure>{plot}<figcaption><b>{name}</b>: {told}.</figcaption></figure>"
        for name, told, plot in plots
    )
    wrong = "".join(_wrong(row) for row in report.wrong)
    return (
        f'<section class="quality" role="region" aria-label="Figures of {escape(found.name)}">'
        f"<h2>{isolated(found.name)}: {len(report.rows):,} questions, {len(report.wrong):,} with a "
        'fault</h2><div class="wide" tabindex="0" role="region" aria-label="Table of figures">'
        '<table class="catalogue"><thead><tr><th scope="col">Measure</th><th scope="col">Figure'
        '</th><th scope="col">95% interval</th><th scope="col">Questions</th></tr></thead>'
        f'<tbody>{figures}</tbody></table></div><div class="plots">{drawn}</div>'
        f"<h2>What went wrong</h2>{wrong or '<p>Nothing.</p>'}</section>"
    )


def _figure(one: Measured) -> str:
    interval = one.interval.to_text() if one.interval else "–"
    better = " (lower is better)" if one.lower else ""
    cells = (("Figure", f"{one.value:.2f}"), ("95% interval", interval), ("Questions", one.count))
    return (
        f'<tr><th scope="row">{escape(one.label)}{better}</th>'
        + "".join(f'<td data-label="{label}">{value}</td>' for label, value in cells)
        + "</tr>"
    )


def _wrong(row: Row) -> str:
    question = row.question
    faults = f"{question.kind}: {'; '.join(row.problems)}"
    return (
        f"<details><summary>{isolated(question.question)} "
        f'<span class="why">{escape(faults)}</span></summary>'
        f'<div class="sides"><div><h3>Said</h3>{_said(row)}</div>'
        f"<div><h3>Wanted</h3>{_wanted(row)}</div></div></details>"
    )


def _said(row: Row) -> str:
    if not row.reply.claims:
        return "<p>Nothing: it refused.</p>"
    return "".join(
        _answer(
            claim.text,
            [
                (one.quote, f"{one.document}:{one.start}–{one.end}", hits(row, one))
                for one in claim.cited
            ],
            ("gold evidence", "no gold evidence"),
        )
        for claim in row.reply.claims
    )


def _wanted(row: Row) -> str:
    if not row.question.answers:
        return f"<p>A refusal: {isolated(row.question.why_unanswerable)}</p>"
    return "".join(
        _answer(
            answer.text,
            [
                (one.quote, f"{one.document}:{one.start}–{one.end}", was_cited(row, one))
                for one in answer.evidence
            ],
            ("cited", "not cited"),
        )
        for answer in row.question.answers
    )


def _answer(text: str, quotes: Sequence[tuple[str, str, bool]], words: tuple[str, str]) -> str:
    shown = "".join(
        f'<blockquote dir="auto" class="{"hit" if good else "miss"}">{escape(quote)}'
        f'<span class="details">{isolated(place)} · {words[0] if good else words[1]}</span>'
        "</blockquote>"
        for quote, place, good in quotes
    )
    return f"<p><b>{isolated(text)}</b></p>{shown}"
