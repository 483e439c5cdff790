"""Fills the templates of a report; every text is escaped where it is put in, by construction.

The HTML asks nothing of anybody: no script, no font, no picture, and a policy that forbids them.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from rag.evaluation.files import check_report, unwritable
from rag.evaluation.ranking import Curve
from rag.evaluation.reporting import charts, contents
from rag.evaluation.reporting.contents import Contents
from rag.markdown import escape

# Points of the risk-coverage curve that the Markdown has as a table.
COVERAGES = (0.25, 0.5, 0.75, 1.0)
_FOLDER = Path(__file__).parent


def write_report(found: Contents, path: Path) -> None:
    """Write the report in the form that the ending names, over a file that is there.

    Raises EvaluationError where the ending names none or the file cannot be written.
    """
    check_report(path)
    text = render(found, f"report{path.suffix.lower()}")
    try:
        # What is no character (half of a surrogate pair, in a foreign answer) becomes a mark.
        path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        raise unwritable(path, error) from error


def render(found: Contents, template: str) -> str:
    """The text of the report by one of the templates."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_escaped_markdown if template.endswith(".md") else None,
    )
    environment.filters |= {"share": _share, "signed": _signed, "seconds": _seconds}
    return environment.get_template(template).render(
        found=found,
        report=found.report,
        style=Markup((_FOLDER / "style.css").read_text(encoding="utf-8")),
        reliability=Markup(charts.reliability_diagram(found.bins())),
        risk_coverage=Markup(charts.risk_coverage_curve(found.report.curve, found.decided())),
        bars=Markup(charts.kind_bars(found.bars())),
        risks=_risks(found.report.curve),
        hits=contents.hits,
        was_cited=contents.was_cited,
    )


def _risks(curve: Curve) -> list[tuple[float, float]]:
    return [(coverage, curve.risk_at(coverage)) for coverage in COVERAGES]


def _escaped_markdown(value: object) -> object:
    return value if isinstance(value, Markup | int | float) else escape(str(value))


# Numbers hold nothing that has to be escaped.


def _share(value: float | None) -> Markup:
    return Markup("–" if value is None else f"{value:.2f}")


def _signed(value: float) -> Markup:
    shown = f"{value:+.3f}"
    return Markup(shown if float(shown) else "0.000")


def _seconds(value: float) -> Markup:
    return Markup(f"{value:.2f} s")
