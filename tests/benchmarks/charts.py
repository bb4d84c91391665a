"""Draw charts of response times as SVG: panels with lines."""

from dataclasses import dataclass
from math import ceil
from xml.sax.saxutils import escape

COLOURS = ("#0b5c8a", "#b3470f", "#2f6f2f", "#6b3fa0")
WIDTH, HEIGHT, GAP = 300, 240, 70
LEFT, TOP = 60, 90
STEPS = 4


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart of several lines. Every line has one value for each x value."""

    label: str
    x_values: list[int]
    lines: dict[str, list[float]]


def growth_chart(*, title: str, unit: str, panels: list[Panel]) -> str:
    """Return an SVG with all panels side by side, on one vertical scale."""
    highest = max(value for panel in panels for line in panel.lines.values() for value in line)
    top = STEPS * ceil(highest / STEPS)
    width = LEFT + len(panels) * (WIDTH + GAP)
    parts = [_text(LEFT, 30, title, size=18), *_legend(list(panels[0].lines))]
    for number, panel in enumerate(panels):
        parts += _panel(panel, left=LEFT + number * (WIDTH + GAP), top_value=top, unit=unit)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{TOP + HEIGHT + 60}"'
            ' font-family="sans-serif">',
            '<rect width="100%" height="100%" fill="white"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _panel(panel: Panel, *, left: float, top_value: float, unit: str) -> list[str]:
    """Draw the axes with their labels, then the lines."""
    bottom, highest_x = TOP + HEIGHT, max(panel.x_values)
    x_positions = [left + WIDTH * value / highest_x for value in panel.x_values]
    parts = [_text(left + WIDTH / 2, bottom + 45, panel.label, anchor="middle")]
    for step in range(STEPS + 1):
        y = bottom - HEIGHT * step / STEPS
        parts.append(_line([(left, y), (left + WIDTH, y)], "#ccc" if step else "#000"))
        parts.append(_text(left - 8, y + 4, f"{top_value * step / STEPS:g}", anchor="end", size=11))
    parts.append(_text(left - 8, TOP - 12, unit, anchor="end", size=11))
    for x, value in zip(x_positions, panel.x_values, strict=True):
        parts.append(_line([(x, bottom), (x, bottom + 5)], "#000"))
        parts.append(_text(x, bottom + 20, f"{value:,}", anchor="middle", size=11))
    for colour, values in zip(COLOURS, panel.lines.values(), strict=False):
        points = [
            (x, bottom - HEIGHT * value / top_value) for x, value in zip(x_positions, values, strict=True)
        ]
        parts.append(_line(points, colour, width=2))
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
    return parts


def _legend(names: list[str]) -> list[str]:
    """Draw the legend: the colour of each line."""
    parts = []
    for number, (name, colour) in enumerate(zip(names, COLOURS, strict=False)):
        x = LEFT + 220 * number
        parts += [_line([(x, 53), (x + 24, 53)], colour, width=3), _text(x + 32, 58, name)]
    return parts


def _line(points: list[tuple[float, float]], colour: str, *, width: float = 1) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 13) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'
