"""Portraits of the demo's doctors, drawn from a few shapes. They show nobody."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

_SIDE = 480
_SCALE = 2
"""Drawn larger and made smaller, so that edges are smooth."""
_INK = "#2b2a33"


@dataclass(frozen=True, slots=True)
class Look:
    """What a portrait looks like. Colours are hexadecimal."""

    skin: str
    hair: str
    backdrop: str
    clothes: str
    style: str = "short"
    """`short`, `long`, `bun`, `curly`, `bald` or `scarf`."""
    glasses: bool = False
    beard: bool = False


LOOKS = {
    "Smith": Look("#f0c8a8", "#8a4b2a", "#d7e8f2", "#ffffff", style="long"),
    "Johnson": Look("#8d5a3c", "#1f1a17", "#e7e1f3", "#3d5a80", beard=True, glasses=True),
    "Okafor": Look("#6b4226", "#17120f", "#f5e6d3", "#2f6b3c", style="bun"),
    "Lindqvist": Look("#f6d7c0", "#dcb46c", "#dff0e6", "#ffffff"),
    "Rahman": Look("#c68e5f", "#241c17", "#e3ecf7", "#5b3a6b", glasses=True),
    "Kaminski": Look("#efc6a6", "#b9b9bd", "#f3ead9", "#7a2e3a", style="bald", beard=True),
    "Tanaka": Look("#eec39a", "#1c1a1d", "#e6f0dd", "#2e6f8e", style="bun", glasses=True),
    "Haddad": Look("#dba57b", "#3f6f6a", "#f4e0e0", "#ffffff", style="scarf"),
    "Alvarez": Look("#c99066", "#2a1b14", "#fbe9d5", "#6b2d5c", style="curly"),
    "Chen": Look("#f0cba5", "#19181b", "#dfeaf6", "#ffffff"),
    "Brooks": Look("#7a4b2f", "#15110e", "#eae4f0", "#3b6ea5", style="curly", glasses=True),
}
"""The looks of the demo's doctors by name."""


def portrait(look: Look) -> bytes:
    """Return a drawn portrait as a PNG file of 480 by 480 pixels."""
    side = _SIDE * _SCALE
    image = Image.new("RGB", (side, side), look.backdrop)
    pen = _Pen(ImageDraw.Draw(image))
    _hair_behind(pen, look)
    pen.ellipse(240, 500, 190, 150, look.clothes)
    pen.box(205, 300, 275, 390, _darker(look.skin))
    pen.ellipse(240, 378, 52, 26, look.skin)
    for ear in (142, 338):
        pen.ellipse(ear, 222, 18, 26, _darker(look.skin))
    pen.ellipse(240, 215, 98, 122, look.skin)
    if look.beard:
        _beard(pen, look)
    _face(pen, look)
    _hair_in_front(pen, look)
    file = BytesIO()
    image.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS).save(file, "PNG")
    return file.getvalue()


class _Pen:
    """Draws shapes, with coordinates in pixels of the finished picture."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self._draw = draw

    def ellipse(self, x: int, y: int, half_width: int, half_height: int, colour: str) -> None:
        """Fill an ellipse around a point."""
        edges = (x - half_width, y - half_height, x + half_width, y + half_height)
        self._draw.ellipse([edge * _SCALE for edge in edges], fill=colour)

    def box(self, left: int, top: int, right: int, bottom: int, colour: str) -> None:
        """Fill a box with round corners."""
        edges = [edge * _SCALE for edge in (left, top, right, bottom)]
        self._draw.rounded_rectangle(edges, radius=24 * _SCALE, fill=colour)

    def half(self, x: int, y: int, half_width: int, half_height: int, colour: str) -> None:
        """Fill the upper half of an ellipse around a point."""
        edges = (x - half_width, y - half_height, x + half_width, y + half_height)
        self._draw.chord([edge * _SCALE for edge in edges], 180, 360, fill=colour)

    def arc(
        self, x: int, y: int, half_width: int, half_height: int, *, of: tuple[int, int], colour: str
    ) -> None:
        """Draw a part of an ellipse's edge, from one angle to another."""
        edges = (x - half_width, y - half_height, x + half_width, y + half_height)
        self._draw.arc([edge * _SCALE for edge in edges], *of, fill=colour, width=6 * _SCALE)


def _hair_behind(pen: _Pen, look: Look) -> None:
    if look.style == "long":
        pen.box(122, 180, 358, 400, look.hair)
        pen.ellipse(240, 195, 122, 130, look.hair)
    elif look.style == "bun":
        pen.ellipse(240, 72, 52, 46, look.hair)
        pen.ellipse(240, 190, 110, 120, look.hair)
    elif look.style == "curly":
        for x, y in ((150, 150), (330, 150), (135, 215), (345, 215), (240, 100), (190, 112), (290, 112)):
            pen.ellipse(x, y, 52, 52, look.hair)
    elif look.style == "scarf":
        pen.ellipse(240, 220, 132, 158, look.hair)
        pen.box(130, 250, 350, 440, look.hair)


def _hair_in_front(pen: _Pen, look: Look) -> None:
    if look.style in ("short", "long", "bun"):
        pen.half(240, 180, 102, 92, look.hair)
    elif look.style == "curly":
        for x in (175, 218, 262, 305):
            pen.ellipse(x, 118, 36, 32, look.hair)
    elif look.style == "scarf":
        pen.half(240, 160, 104, 76, look.hair)
    elif look.style == "bald":
        for x in (146, 334):
            pen.ellipse(x, 185, 12, 40, look.hair)


def _face(pen: _Pen, look: Look) -> None:
    for eye in (200, 280):
        pen.ellipse(eye, 218, 9, 11, _INK)
        pen.ellipse(eye + 3, 214, 3, 3, "#ffffff")
        pen.arc(eye, 204, 22, 16, of=(210, 330), colour=_darker(_INK if look.style == "scarf" else look.hair))
        if look.glasses:
            pen.arc(eye, 219, 32, 28, of=(0, 360), colour=_INK)
    if look.glasses:
        pen.arc(240, 216, 9, 8, of=(180, 360), colour=_INK)
    pen.arc(240, 246, 12, 14, of=(20, 160), colour=_darker(look.skin))
    pen.arc(240, 272, 34, 24, of=(15, 165), colour="#a33b3b")


def _beard(pen: _Pen, look: Look) -> None:
    pen.ellipse(240, 282, 82, 62, look.hair)
    pen.ellipse(240, 248, 84, 44, look.skin)
    pen.ellipse(240, 284, 42, 20, look.skin)


def _darker(colour: str) -> str:
    """Return the colour a little darker."""
    parts = [int(colour[at : at + 2], 16) * 17 // 20 for at in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)
