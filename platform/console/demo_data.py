"""The demo clinics: one in London and one in New York, each with its own colours and people."""

from dataclasses import dataclass, field
from typing import Any

from scheduling.clock.planning import Hours

HOUR = 60


@dataclass(frozen=True, slots=True)
class DemoDoctor:
    """A doctor of a demo clinic."""

    name: str
    specialties: tuple[str, ...]
    bio: str
    email: str = ""
    """Empty for a doctor without an account."""
    first_name: str = ""
    """The first name of the account."""
    years: int = 10
    languages: tuple[str, ...] = ("en",)
    slot_minutes: int = 30
    days: tuple[int, ...] = (0, 1, 2, 3, 4)

    def week(self) -> list[Hours]:
        """Return the working hours: mornings and afternoons of the doctor's days."""
        halves = ((9 * HOUR, 13 * HOUR), (14 * HOUR, 17 * HOUR))
        return [Hours(day, opens, closes, self.slot_minutes) for day in self.days for opens, closes in halves]


@dataclass(frozen=True, slots=True)
class DemoClinic:
    """A demo clinic and its people. Other passwords are derived from the installation's secret."""

    slug: str
    name: str
    time_zone: str
    admin_email: str
    settings: dict[str, Any]
    doctors: tuple[DemoDoctor, ...]
    patient_email: str
    visit_types: tuple[dict[str, Any], ...] = ()
    """Fields of each `VisitType` in their order. The first one is the default."""
    passwords: dict[str, str] = field(default_factory=dict)


RIVERSIDE = DemoClinic(
    slug="riverside",
    name="Riverside Health Centre",
    time_zone="Europe/London",
    admin_email="admin@hospital.com",
    settings={
        "phone": "+44 20 7946 0123",
        "email": "hello@riverside.example",
        "address": "12 Riverside Walk\nLondon SE1 9XX",
        "primary_color": "#0b5c8a",
        "accent_color": "#e3f1f8",
    },
    doctors=(
        DemoDoctor(
            "Smith",
            ("general-medicine",),
            "Family doctor with an interest in long-term conditions.",
            email="dr.smith@hospital.com",
            first_name="Emma",
            years=18,
            slot_minutes=15,
        ),
        DemoDoctor(
            "Johnson",
            ("mental-health",),
            "Psychiatrist. Takes time to listen.",
            email="dr.johnson@hospital.com",
            first_name="Paul",
            years=12,
            slot_minutes=60,
            days=(0, 1, 3, 4),
        ),
        DemoDoctor("Okafor", ("physiotherapy",), "Backs, knees, and getting you moving again.", years=9),
        DemoDoctor(
            "Lindqvist", ("dentistry",), "Gentle dentistry for all ages.", years=15, languages=("en", "sv")
        ),
        DemoDoctor(
            "Rahman", ("optometry", "audiology"), "Eye tests and hearing checks.", years=7, days=(1, 2, 5)
        ),
    ),
    patient_email="patient@riverside.example",
    visit_types=(
        {"name": "Consultation", "description": "For anything that is new or has changed."},
        {
            "name": "Long consultation",
            "description": "When there is more to talk about.",
            "duration_minutes": 60,
            "buffer_after_minutes": 5,
        },
        {
            "name": "Video consultation",
            "mode": "video",
            "video_link": "https://meet.riverside.example/waiting-room",
        },
        {"name": "Vaccination", "duration_minutes": 15, "price": "25.00", "currency": "GBP"},
        {
            "name": "Health check",
            "description": "A general check of your health.",
            "duration_minutes": 45,
            "needs_approval": True,
            "notice_minutes": 24 * HOUR,
        },
    ),
    passwords={
        "admin@hospital.com": "admin123pass!",
        "dr.smith@hospital.com": "test123pass!",
        "dr.johnson@hospital.com": "test123pass!",
    },
)

HUDSON = DemoClinic(
    slug="hudson",
    name="Hudson Family Care",
    time_zone="America/New_York",
    admin_email="admin@hudson.example",
    settings={
        "phone": "+1 212 555 0142",
        "email": "hello@hudson.example",
        "address": "480 Hudson Street\nNew York, NY 10014",
        "primary_color": "#6b2d5c",
        "accent_color": "#f6e9f2",
    },
    doctors=(
        DemoDoctor(
            "Alvarez",
            ("general-medicine",),
            "Care for the whole family.",
            email="dr.alvarez@hudson.example",
            first_name="Maria",
            years=21,
            languages=("en", "es"),
            slot_minutes=20,
        ),
        DemoDoctor("Chen", ("chiropractic",), "Hands-on help for necks and backs.", years=11),
        DemoDoctor(
            "Brooks", ("dentistry",), "Check-ups, fillings, and calm nerves.", years=6, days=(0, 2, 4)
        ),
    ),
    patient_email="patient@hudson.example",
)

DEMO_CLINICS = (RIVERSIDE, HUDSON)
