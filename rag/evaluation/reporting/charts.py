"""The plots of a report as inline SVG: a few lines each, coloured by the page's style sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from rag.evaluation.ranking import Bin, Curve
from rag.evaluation.reporting.contents import KindBar

# Units of the drawings; the page scales them to its width.
_WIDTH, _HEIGHT = 360, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 14, 12, 46
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_DOT, _ROW, _BAR = 4, 26, 12
_LABELS, _VALUES = 84, 52  # beside the bars: the kinds' names, the figures


def reliability_diagram(bins: Sequence[Bin]) -> str:
    """Confidence against the share of right answers; calibrated ones lie on the diagonal."""
    dots = "".join(
        _dot(
            one.confidence,
            one.right,
            f"{one.count} answers: confidence {one.confidence:.2f}, right {one.right:.2f}",
        )
        for one in bins
    )
    diagonal = _path([(0.0, 0.0), (1.0, 1.0)], "reference")
    line = _path([(one.confidence, one.right) for one in bins], "line")
    drawn = f"{_axes('confidence', 'share right')}{diagonal}{line}{dots}"
    return _svg(_HEIGHT, "Reliability diagram: confidence against the share of right", drawn)


def risk_coverage_curve(curve: Curve, decided: tuple[float, float] | None) -> str:
    """The share of wrong ones among the questions covered; the dot is where the system stands."""
    line = _path([(coverage, risk) for coverage, risk, _ in curve.points], "line")
    dot = ""
    if decided:
        coverage, risk = decided
        dot = _dot(coverage, risk, f"answers {coverage:.0%} of all; {risk:.0%} of those are wrong")
    drawn = f"{_axes('share of questions covered', 'share wrong')}{line}{dot}"
    return _svg(_HEIGHT, "Risk-coverage curve", drawn)


def kind_bars(bars: Sequence[KindBar]) -> str:
    """A bar for each kind of question, with its interval."""
    rows = "".join(_bar(number * _ROW, bar) for number, bar in enumerate(bars))
    return _svg(len(bars) * _ROW + 4, "Share of right ones for each kind of question", rows)


def _bar(top: float, bar: KindBar) -> str:
    room = _WIDTH - _LABELS - _VALUES
    middle = top + _ROW / 2
    right = _LABELS + room * bar.value
    title = f"{bar.kind}: {bar.value:.2f} of {bar.questions} questions"
    whisker = ""
    if bar.interval:
        low, high = (_LABELS + room * end for end in (bar.interval.low, bar.interval.high))
        whisker = f'<path class="whisker" d="M{low:.1f} {middle:.1f}H{high:.1f}"/>'
        title += f", 95% {bar.interval.to_text()}"
    return (
        f"<g><title>{escape(title)}</title>"
        f'<text x="{_LABELS - 8}" y="{middle + 4:.1f}" text-anchor="end">{escape(bar.kind)}</text>'
        f'<rect class="room" x="{_LABELS}" y="{middle - _BAR / 2:.1f}" width="{room}" '
        f'height="{_BAR}" rx="2"/>'
        f'<rect class="bar" x="{_LABELS}" y="{middle - _BAR / 2:.1f}" '
        f'width="{right - _LABELS:.1f}" height="{_BAR}" rx="2"/>{whisker}'
        f'<text class="value" x="{_WIDTH}" y="{middle + 4:.1f}" text-anchor="end">'
        f"{bar.value:.2f}</text></g>"
    )


def _svg(height: float, label: str, drawn: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height:g}" role="img" aria-label="{escape(label)}">'
        f"{drawn}</svg>"
    )


def _x(value: float) -> float:
    return _LEFT + value * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float) -> float:
    return _HEIGHT - _BOTTOM - value * (_HEIGHT - _TOP - _BOTTOM)


def _axes(below: str, beside: str) -> str:
    parts = []
    for tick in _TICKS:
        parts.append(f'<path class="grid" d="M{_x(0):.1f} {_y(tick):.1f}H{_x(1):.1f}"/>')
        parts.append(
            f'<text x="{_x(0) - 6:.1f}" y="{_y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>'
        )
        parts.append(
            f'<text x="{_x(tick):.1f}" y="{_y(0) + 18:.1f}" text-anchor="middle">{tick:g}</text>'
        )
    middle = (_x(0) + _x(1)) / 2
    parts.append(
        f'<text class="axis" x="{middle:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{below}</text>'
    )
    height = (_y(0) + _y(1)) / 2
    parts.append(
        f'<text class="axis" transform="translate(12 {height:.1f}) rotate(-90)" '
        f'text-anchor="middle">{beside}</text>'
    )
    return "".join(parts)


def _path(points: Iterable[tuple[float, float]], kind: str) -> str:
    steps = "L".join(f"{_x(x):.1f} {_y(y):.1f}" for x, y in points)
    return f'<path class="{kind}" d="M{steps}"/>' if steps else ""


def _dot(x: float, y: float, title: str) -> str:
    return (
        f'<circle class="dot" cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="{_DOT}">'
        f"<title>{escape(title)}</title></circle>"
    )
