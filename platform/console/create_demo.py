"""Open the demo clinics with the same services as other clinics."""

import base64
import hashlib
import hmac
from typing import Any

from django.conf import settings

from clinics.models import Doctor
from clinics.services.open_clinic import FirstAdmin, open_clinic
from clinics.services.profiles import add_doctor, register_patient
from console.demo_data import DemoClinic, DemoDoctor
from scheduling.hours.services import set_working_hours
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import VisitType
from tenants.accounts.models import User
from tenants.accounts.users import create_user
from tenants.base.clock import now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tenants.routing.public_urls import clinic_url

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


def ensure_demo_clinic(demo: DemoClinic) -> dict[str, Any]:
    """Open the clinic if necessary. Return its URL and its accounts with their passwords."""
    clinic = Clinic.objects.filter(slug=demo.slug).first() or _open_demo_clinic(demo)
    return {
        "slug": clinic.slug,
        "url": clinic_url(clinic, "/").rstrip("/"),
        "time_zone": clinic.time_zone,
        "admin": _sign_in(demo, demo.admin_email),
        "doctors": [_sign_in(demo, doctor.email) for doctor in demo.doctors if doctor.email],
        "patients": [_sign_in(demo, demo.patient_email)],
    }


def _open_demo_clinic(demo: DemoClinic) -> Clinic:
    """Create a demo clinic with its people, working hours and slots."""
    admin = FirstAdmin(
        email=demo.admin_email,
        password=_password(demo, demo.admin_email),
        first_name="Demo",
        last_name="Admin",
    )
    clinic = open_clinic(
        name=demo.name, slug=demo.slug, time_zone=demo.time_zone, admin=admin, settings=demo.settings
    )
    with enter_clinic(clinic):
        for doctor in demo.doctors:
            _add_doctor(demo, doctor)
        VisitType.objects.bulk_create(
            VisitType(position=position, **fields) for position, fields in enumerate(demo.visit_types)
        )
        register_patient(
            email=demo.patient_email,
            password=_password(demo, demo.patient_email),
            first_name="Demo",
            last_name="Patient",
            confirmed_at=now(),
        )
    return clinic


def _add_doctor(demo: DemoClinic, doctor: DemoDoctor) -> Doctor:
    """Create a doctor with working hours and slots."""
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
        name=doctor.name,
        title="Dr",
        user=user,
        specialties=doctor.specialties,
        bio=doctor.bio,
        years_of_experience=doctor.years,
        languages=list(doctor.languages),
    )
    set_working_hours(doctor=row, week=doctor.week(), now=now())
    generate_slots(doctor=row, now=now())
    return row


def _sign_in(demo: DemoClinic, email: str) -> dict[str, str]:
    return {"email": email, "password": _password(demo, email)}


def _password(demo: DemoClinic, email: str) -> str:
    """Return the given password, or one derived from the installation's secret: the same at every start."""
    derived = hmac.digest(settings.SECRET_KEY.encode(), f"demo {email}".encode(), hashlib.sha256)
    return demo.passwords.get(email) or base64.b32encode(derived)[:16].decode().lower()
