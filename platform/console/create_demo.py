"""Open the demo clinics with the same services as other clinics."""

import base64
import hashlib
import hmac
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from clinics.models import Doctor, Patient
from clinics.services.open_clinic import FirstAdmin, open_clinic
from clinics.services.photos import set_photo
from clinics.services.profiles import add_doctor, register_patient
from console.demo_data import DemoClinic, DemoDoctor, DemoPlace, DemoVisitType
from console.demo_home import add_home_page
from console.demo_month.month import add_patients, make_month, opening_time, prepare_days
from console.demo_month.portraits import LOOKS, portrait
from scheduling.hours.services import set_working_hours
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Place, Room, VisitType
from tenants.accounts.models import User
from tenants.accounts.users import create_user
from tenants.base.clock import now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tenants.routing.public_urls import clinic_url
from tenants.services.lifecycle import change_patient_languages

OPERATOR = "operator@platform.example"


def ensure_operator(password: str) -> dict[str, str]:
    """Create the demo's operator if necessary. Return email address and password."""
    if not User.objects.filter(email=OPERATOR).exists():
        create_user(
            email=OPERATOR,
            password=password,
            first_name="Demo",
            last_name="Operator",
            role=User.Role.OPERATOR,
        )
    return {"email": OPERATOR, "password": password}


def ensure_demo_clinic(demo: DemoClinic, *, with_data: bool = True) -> dict[str, Any]:
    """Open the clinic if necessary. Return its URL and its accounts with their passwords.

    :param with_data: whether a clinic that is opened gets patients, visits, messages and the like
    """
    clinic = Clinic.objects.filter(slug=demo.slug).first() or _open_demo_clinic(demo, with_data=with_data)
    with enter_clinic(clinic):
        _ensure_receptionist(demo)
    return {
        "slug": clinic.slug,
        "url": clinic_url(clinic, "/").rstrip("/"),
        "time_zone": clinic.time_zone,
        "admin": _sign_in(demo, demo.admin_email),
        "receptionist": _sign_in(demo, demo.receptionist_email),
        "doctors": [_sign_in(demo, doctor.email) for doctor in demo.doctors if doctor.email],
        "patients": [_sign_in(demo, demo.patient_email)],
    }


@transaction.atomic
def _open_demo_clinic(demo: DemoClinic, *, with_data: bool) -> Clinic:
    """Create a demo clinic with its people, working hours and slots, and the month around today.

    It is one transaction, so a clinic is there with all its data or not at all.
    """
    admin = FirstAdmin(
        email=demo.admin_email,
        password=_password(demo, demo.admin_email),
        first_name="Demo",
        last_name="Admin",
    )
    clinic = open_clinic(
        name=demo.name, slug=demo.slug, time_zone=demo.time_zone, admin=admin, settings=demo.settings
    )
    clinic = change_patient_languages(
        clinic=clinic, languages=list(demo.languages), default=demo.languages[0]
    )
    with enter_clinic(clinic):
        present = now()
        receptionist = _ensure_receptionist(demo)
        places = {place.name: _add_place(place, clinic=clinic) for place in demo.places}
        doctors = [_add_doctor(demo, doctor, places=places) for doctor in demo.doctors]
        for position, visit_type in enumerate(demo.visit_types):
            _add_visit_type(visit_type, position=position)
        known = {"Demo Patient": _register(demo, demo.patient_email, "Demo", "Patient")}
        opened_at = opening_time(present) if with_data else present
        if with_data:
            prepare_days(doctors, now=present)
        for doctor in doctors:
            generate_slots(doctor=doctor, now=opened_at)
        if with_data:
            add_home_page(demo.slug, by=receptionist)
            for row, described in zip(doctors, demo.doctors, strict=True):
                set_photo(doctor=row, upload=portrait(LOOKS[described.name]), by=receptionist)
            patients = _add_patients(demo, by=receptionist)
            make_month(
                doctors=doctors,
                patients=[*known.values(), *patients],
                receptionist=receptionist,
                visits_a_day=demo.visits_a_day,
                now=present,
            )
    return clinic


def _add_patients(demo: DemoClinic, *, by: User) -> list[Patient]:
    accounts = {
        person.name: _register(
            demo,
            person.email(demo.slug),
            person.first_name,
            person.last_name,
            phone=f"{demo.phone_prefix}{100 + number}",
            date_of_birth=date.fromisoformat(person.born),
        )
        for number, person in enumerate(demo.patients)
        if person.is_online
    }
    return add_patients(demo.patients, accounts=accounts, phone_prefix=demo.phone_prefix, by=by)


def _register(demo: DemoClinic, email: str, first_name: str, last_name: str, **details: Any) -> Patient:
    """Register a patient whose address is confirmed."""
    return register_patient(
        email=email,
        password=_password(demo, email),
        first_name=first_name,
        last_name=last_name,
        confirmed_at=now(),
        **details,
    )


def _ensure_receptionist(demo: DemoClinic) -> User:
    """Return the receptionist's account. It is created if necessary, also in a demo of an earlier version."""
    email = demo.receptionist_email
    first_name, last_name = demo.receptionist
    return User.objects.filter(email=email).first() or create_user(
        email=email,
        password=_password(demo, email),
        first_name=first_name,
        last_name=last_name,
        role=User.Role.RECEPTIONIST,
        confirmed_at=now(),
    )


def _add_place(place: DemoPlace, *, clinic: Clinic) -> UUID:
    """Create a place with its rooms, in the clinic's time zone. Return its id."""
    row = Place.objects.create(
        name=place.name, address=place.address, directions=place.directions, time_zone=clinic.time_zone
    )
    for name in place.rooms:
        Room.objects.create(place=row, name=name)
    return row.pk


def _add_visit_type(visit_type: DemoVisitType, *, position: int) -> None:
    row = VisitType.objects.create(position=position, **visit_type.fields)
    row.doctors.set(
        doctor for doctor in Doctor.objects.all() if doctor.name.split()[-1] in visit_type.doctors
    )
    row.rooms.set(Room.objects.filter(place__name=visit_type.place))


def _add_doctor(demo: DemoClinic, doctor: DemoDoctor, *, places: dict[str, UUID]) -> Doctor:
    """Create a doctor with working hours, which apply from the beginning of the demo's month on."""
    user = None
    if doctor.email:
        user = create_user(
            email=doctor.email,
            password=_password(demo, doctor.email),
            first_name=doctor.first_name,
            last_name=doctor.name,
            role=User.Role.DOCTOR,
            confirmed_at=now(),
        )
    row = add_doctor(
        name=f"{doctor.first_name} {doctor.name}",
        title="Dr",
        qualification=doctor.qualification,
        user=user,
        specialties=doctor.specialties,
        bio=doctor.bio,
        years_of_experience=doctor.years,
        languages=list(doctor.languages),
        sex=doctor.sex,
    )
    set_working_hours(doctor=row, week=doctor.week(places), now=now())
    return row


def _sign_in(demo: DemoClinic, email: str) -> dict[str, str]:
    return {"email": email, "password": _password(demo, email)}


def _password(demo: DemoClinic, email: str) -> str:
    """Return the given password, or one derived from the installation's secret: the same at every start."""
    derived = hmac.digest(settings.SECRET_KEY.encode(), f"demo {email}".encode(), hashlib.sha256)
    return demo.passwords.get(email) or base64.b32encode(derived)[:16].decode().lower()
