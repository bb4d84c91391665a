"""The demo clinics: one in London and one in New York, each with its own colours and people."""

from dataclasses import dataclass, field
from typing import Any

from console.demo_month.people import HUDSON_PATIENTS, RIVERSIDE_PATIENTS, DemoPatient
from scheduling.clock.planning import Hours

HOUR = 60


@dataclass(frozen=True, slots=True)
class DemoDoctor:
    """A doctor of a demo clinic."""

    name: str
    """The last name."""
    first_name: str
    specialties: tuple[str, ...]
    bio: str
    email: str = ""
    """Empty for a doctor without an account."""
    qualification: str = ""
    years: int = 10
    languages: tuple[str, ...] = ("en",)
    sex: str = ""
    slot_minutes: int = 30
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    place: str = ""
    """The name of the place where the doctor works; empty for the clinic's own address."""

    def week(self, places: dict[str, Any]) -> list[Hours]:
        """Return the working hours: mornings and afternoons of the doctor's days.

        :param places: the ids of the clinic's places by name
        """
        halves = ((9 * HOUR, 13 * HOUR), (14 * HOUR, 17 * HOUR))
        place = places.get(self.place)
        return [
            Hours(day, opens, closes, self.slot_minutes, place=place)
            for day in self.days
            for opens, closes in halves
        ]


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """A place of a demo clinic besides its own address."""

    name: str
    address: str
    rooms: tuple[str, ...]
    directions: str = ""


@dataclass(frozen=True, slots=True)
class DemoVisitType:
    """A visit type of a demo clinic."""

    fields: dict[str, Any]
    doctors: tuple[str, ...] = ()
    """The names of the doctors who offer it; empty for all."""
    place: str = ""
    """The place in one of whose rooms it happens, if it needs a room."""


@dataclass(frozen=True, slots=True)
class DemoClinic:
    """A demo clinic and its people. Other passwords are derived from the installation's secret."""

    slug: str
    name: str
    time_zone: str
    admin_email: str
    receptionist: tuple[str, str]
    """First and last name of the receptionist."""
    settings: dict[str, Any]
    doctors: tuple[DemoDoctor, ...]
    patient_email: str
    patients: tuple[DemoPatient, ...]
    phone_prefix: str
    """The first digits of the patients' telephone numbers, from a range that is reserved for fiction."""
    visits_a_day: float
    """How many visits a doctor has on a past day, about. Today is fuller."""
    places: tuple[DemoPlace, ...] = ()
    visit_types: tuple[DemoVisitType, ...] = ()
    """In their order. The first one is the default."""
    languages: tuple[str, ...] = ("en",)
    """The languages for patients. The first one is the default."""
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def receptionist_email(self) -> str:
        """The address with which the receptionist signs in."""
        return f"reception@{self.slug}.example"


RIVERSIDE = DemoClinic(
    slug="riverside",
    languages=("en", "es"),
    name="Riverside Health Centre",
    time_zone="Europe/London",
    admin_email="admin@hospital.com",
    receptionist=("Grace", "Pemberton"),
    settings={
        "phone": "+44 20 7946 0123",
        "email": "hello@riverside.example",
        "address": "12 Riverside Walk\nLondon SE1 9XX",
        "primary_color": "#0b5c8a",
        "accent_color": "#e3f1f8",
    },
    doctors=(
        DemoDoctor(
            "Smith", "Emma",
            ("general-medicine",),
            "Family doctor with an interest in long-term conditions.",
            email="dr.smith@hospital.com",
            sex="female",
            years=18,
            slot_minutes=15,
            qualification="MBBS, MRCGP",
        ),
        DemoDoctor(
            "Johnson", "Paul",
            ("mental-health",),
            "Psychiatrist. Takes time to listen.",
            email="dr.johnson@hospital.com",
            sex="male",
            years=12,
            slot_minutes=60,
            days=(0, 1, 3, 4),
            qualification="MBBS, MRCPsych",
        ),
        DemoDoctor(
            "Okafor", "Ngozi",
            ("physiotherapy",),
            "Backs, knees, and getting you moving again.",
            sex="female",
            years=9,
            place="Bankside Rooms",
            qualification="BSc Physiotherapy, MCSP",
        ),
        DemoDoctor(
            "Lindqvist",
            "Astrid",
            ("dentistry",),
            "Gentle dentistry for all ages.",
            sex="female",
            years=15,
            languages=("en", "sv"),
            qualification="BDS, MFDS",
        ),
        DemoDoctor(
            "Rahman",
            "Imran",
            ("optometry", "audiology"),
            "Eye tests and hearing checks.",
            sex="male",
            years=7,
            days=(1, 2, 5),
            qualification="BSc Optometry, MCOptom",
        ),
        DemoDoctor(
            "Kaminski", "Marek",
            ("general-medicine",),
            "Family doctor. Looks after children, parents and grandparents.",
            sex="male",
            years=22,
            languages=("en", "pl"),
            slot_minutes=20,
            days=(0, 2, 3, 4, 5),
            qualification="MBBS, MRCGP, DCH",
        ),
        DemoDoctor(
            "Tanaka", "Yuki",
            ("chiropractic", "physiotherapy"),
            "Hands-on help for stiff necks and sore shoulders.",
            years=5,
            languages=("en", "ja"),
            days=(1, 3, 5, 6),
            place="Bankside Rooms",
            qualification="MChiro",
        ),
        DemoDoctor(
            "Haddad", "Layla",
            ("general-medicine", "mental-health"),
            "Family doctor. Weekend clinics, and visits by video.",
            sex="female",
            years=13,
            languages=("en", "ar", "fr"),
            days=(2, 3, 5, 6),
            qualification="MBBS, MRCGP",
        ),
    ),
    patient_email="patient@riverside.example",
    patients=RIVERSIDE_PATIENTS,
    phone_prefix="+442079460",
    visits_a_day=1.4,
    places=(
        DemoPlace(
            "Bankside Rooms", "3 Bankside Yard\nLondon SE1 9YY", ("Treatment room 1", "Treatment room 2"),
            directions="Through the gate beside the bakery, second floor. There is a lift.",
        ),
    ),
    visit_types=(
        DemoVisitType({"name": "Consultation", "description": "For anything that is new or has changed."}),
        DemoVisitType({
            "name": "Long consultation",
            "description": "When there is more to talk about.",
            "duration_minutes": 60,
            "buffer_after_minutes": 5,
        }),
        DemoVisitType({
            "name": "Video consultation",
            "mode": "video",
            "video_link": "https://meet.riverside.example/waiting-room",
        }),
        DemoVisitType({"name": "Vaccination", "duration_minutes": 15, "price": "25.00", "currency": "GBP"}),
        DemoVisitType({
            "name": "Health check",
            "description": "A general check of your health.",
            "duration_minutes": 45,
            "needs_approval": True,
            "notice_minutes": 24 * HOUR,
        }),
        DemoVisitType(
            {
                "name": "Treatment session",
                "description": "Exercises and hands-on treatment in a treatment room.",
                "duration_minutes": 30,
                "colour": "#2f6b3c",
                "needs_room": True,
                "follow_up_days": 2,
                "follow_up_text": "Please keep up the exercises, and call us if the pain gets worse.",
            },
            doctors=("Okafor", "Tanaka"),
            place="Bankside Rooms",
        ),
    ),
    passwords={
        "admin@hospital.com": "admin123pass!",
        "dr.smith@hospital.com": "test123pass!",
        "dr.johnson@hospital.com": "test123pass!",
    },
)  # fmt: skip

HUDSON = DemoClinic(
    slug="hudson",
    languages=("en", "de", "ar"),
    name="Hudson Family Care",
    time_zone="America/New_York",
    admin_email="admin@hudson.example",
    receptionist=("Marcus", "Delgado-Price"),
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
            "Maria",
            ("general-medicine",),
            "Care for the whole family.",
            email="dr.alvarez@hudson.example",
            sex="female",
            years=21,
            languages=("en", "es"),
            slot_minutes=20,
            qualification="MD, Family Medicine",
        ),
        DemoDoctor(
            "Chen",
            "Kevin",
            ("chiropractic",),
            "Hands-on help for necks and backs.",
            years=11,
            qualification="DC",
        ),
        DemoDoctor(
            "Brooks",
            "Denise",
            ("dentistry",),
            "Check-ups, fillings, and calm nerves.",
            years=6,
            days=(0, 2, 4),
            qualification="DDS",
        ),
    ),
    patient_email="patient@hudson.example",
    patients=HUDSON_PATIENTS,
    phone_prefix="+12125550",
    visits_a_day=1.4,
    places=(DemoPlace("Chelsea Office", "210 West 23rd Street\nNew York, NY 10011", ("Room A",)),),
)

DEMO_CLINICS = (RIVERSIDE, HUDSON)
