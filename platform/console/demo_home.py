"""The home pages of the demo clinics, with drawn pictures. They show no real place."""

from dataclasses import dataclass
from datetime import time
from io import BytesIO

from PIL import Image, ImageDraw

from clinics.models import HomePage, OpeningHours
from clinics.services.pictures import encode_picture, set_picture
from tenants.accounts.models import User

_WIDTH, _HEIGHT = 1600, 1200
_WEEKDAYS = range(5)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DemoHome:
    """The home page of a demo clinic."""

    texts: dict[str, str]
    weekdays: tuple[int, int]
    """The hours at which the clinic opens and closes from Monday to Friday."""
    saturday: tuple[int, int] | None
    colour: str
    """The main colour of the pictures, hexadecimal."""
    sky: str


HOMES = {
    "riverside": DemoHome(
        texts={
            "heading": "Good care, right by the river",
            "welcome": (
                "We are a family health centre on the south bank. Eight doctors look after **children, "
                "adults and older people**: in person, by phone and by video.\n\n"
                "New patients are welcome. You can book in two minutes, at any time of day."
            ),
            "urgent_note": (
                "For a life-threatening emergency call **999**. When we are closed and it cannot wait, "
                "call **111** or go to <https://111.nhs.uk>."
            ),
            "hours_note": "Closed on bank holidays. Some doctors also see patients on Sundays.",
            "directions": (
                "Five minutes on foot from London Bridge station.\nStep-free entrance and lift. "
                "Two parking spaces for blue badge holders."
            ),
            "picture_description": "A brick building with large windows between trees, beside a river.",
        },
        weekdays=(8, 18),
        saturday=(9, 13),
        colour="#0b5c8a",
        sky="#d9ecf6",
    ),
    "hudson": DemoHome(
        texts={
            "heading": "Family care in the West Village",
            "welcome": (
                "Three doctors and a small team who know your name. We look after **the whole family**, from "
                "check-ups to aching backs and teeth."
            ),
            "urgent_note": "For a life-threatening emergency call **911**.",
            "hours_note": "Closed on federal holidays.",
            "directions": "Take the 1 train to Christopher Street. The entrance has no steps.",
            "picture_description": "A brownstone house with a stoop and trees in front of it.",
        },
        weekdays=(8, 17),
        saturday=None,
        colour="#6b2d5c",
        sky="#f6e9f2",
    ),
}
"""The home pages by the clinics' slugs."""


def add_home_page(slug: str, *, by: User) -> None:
    """Write the home page of a demo clinic, with its opening hours and pictures."""
    home = HOMES[slug]
    page = HomePage.objects.create(**home.texts)
    days = [(day, home.weekdays) for day in _WEEKDAYS]
    if home.saturday:
        days.append((_SATURDAY, home.saturday))
    OpeningHours.objects.bulk_create(
        OpeningHours(home_page=page, weekday=day, opens=time(opens), closes=time(closes))
        for day, (opens, closes) in days
    )
    for kind, picture in (("photo", _building(home)), ("logo", _mark(home)), ("icon", _mark(home))):
        set_picture(kind=kind, encoded=encode_picture(kind=kind, upload=picture), by=by)


def _building(home: DemoHome) -> bytes:
    """Return a drawing of the clinic's building as a PNG file."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT), home.sky)
    pen = ImageDraw.Draw(image)
    pen.ellipse((1180, 110, 1380, 310), fill="#fff3c4")
    for x, y, width in ((180, 190, 300), (620, 120, 240), (950, 260, 260)):
        for part in range(3):
            left = x + part * width // 4
            pen.ellipse((left, y - 20 * (part == 1), left + width // 2, y + 80), fill="#ffffff")
    for x, height in enumerate((360, 440, 300, 410, 340, 470, 320, 390)):
        pen.rectangle((x * 200, 900 - height, x * 200 + 190, 900), fill=_mixed(home.colour, home.sky, 0.22))
    _front(pen, home)
    pen.rectangle((0, 900, _WIDTH, 960), fill="#e8e2d8")
    pen.rectangle((0, 960, _WIDTH, _HEIGHT), fill=_mixed(home.colour, "#ffffff", 0.45))
    for row in range(5):
        for x in range(-80, _WIDTH, 260):
            left, top = x + row * 90, 985 + row * 42
            pen.rounded_rectangle(
                (left, top, left + 150, top + 8), 4, fill=_mixed("#ffffff", home.colour, 0.4)
            )
    for x in (150, 290, 1340, 1480):
        pen.rectangle((x - 11, 720, x + 11, 905), fill="#6d5138")
        for dx, dy, size in ((0, -70, 105), (-58, 5, 82), (58, 5, 82)):
            pen.ellipse((x + dx - size, 680 + dy - size, x + dx + size, 680 + dy + size), fill="#5d8f63")
    return _png(image.resize((_WIDTH, _HEIGHT)))


def _front(pen: ImageDraw.ImageDraw, home: DemoHome) -> None:
    """Draw the front of the building: three floors of windows, a door and a sign."""
    pen.rectangle((420, 300, 1180, 905), fill="#c9805a")
    for row, y in enumerate(range(300, 905, 22)):
        for x in range(420 - 30 * (row % 2), 1180, 60):
            pen.line((max(x, 420), y, max(x, 420), y + 22), fill="#b97350", width=2)
        pen.line((420, y, 1180, y), fill="#b97350", width=2)
    pen.rectangle((395, 270, 1205, 310), fill=home.colour)
    for y in (350, 530):
        for x in (480, 660, 840, 1020):
            pen.rectangle((x - 8, y - 8, x + 108, y + 138), fill="#fdf6ea")
            pen.rectangle((x, y, x + 100, y + 130), fill=_mixed(home.sky, "#35607a", 0.55))
            pen.polygon(((x, y + 90), (x + 70, y), (x + 95, y), (x, y + 125)), fill=home.sky)
            pen.line((x + 50, y, x + 50, y + 130), fill="#fdf6ea", width=6)
    pen.rectangle((440, 700, 1160, 735), fill=home.colour)
    for x in (470, 970):
        pen.rectangle((x, 750, x + 160, 880), fill=_mixed(home.sky, "#35607a", 0.7))
    pen.rectangle((700, 745, 900, 905), fill="#fdf6ea")
    pen.rectangle((715, 760, 797, 905), fill=home.colour)
    pen.rectangle((803, 760, 885, 905), fill=home.colour)
    for handle in (785, 809):
        pen.rectangle((handle, 825, handle + 6, 850), fill="#fdf6ea")
    pen.ellipse((755, 655, 845, 745), fill="#ffffff")
    pen.rectangle((791, 672, 809, 728), fill=home.colour)
    pen.rectangle((772, 691, 828, 709), fill=home.colour)


def _mark(home: DemoHome) -> bytes:
    """Return the clinic's mark, a cross in a leaf, as a PNG file with a transparent background."""
    image = Image.new("RGBA", (800, 800), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((40, 40, 760, 760), 200, fill=home.colour)
    pen.rounded_rectangle((40, 40, 400, 400), 40, fill=home.colour)
    pen.rounded_rectangle((345, 190, 455, 610), 30, fill="#ffffff")
    pen.rounded_rectangle((190, 345, 610, 455), 30, fill="#ffffff")
    return _png(image.resize((400, 400), Image.Resampling.LANCZOS))


def _mixed(colour: str, other: str, share: float) -> str:
    """Return a colour between two: `share` of the first."""
    pairs = ((int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one * share + two * (1 - share)):02x}" for one, two in pairs)


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
