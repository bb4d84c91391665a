"""Opening the demo clinics, through the services every other clinic is opened with."""

import base64
import hashlib
import hmac
from typing import Any

from django.conf import settings

from clinics.models import Doctor
from clinics.services.opening import FirstAdmin, open_clinic
from clinics.services.people import add_doctor, register_patient
from console.demo import DemoClinic, DemoDoctor
from scheduling.models import VisitType
from scheduling.services.generator import generate_slots
from scheduling.services.hours import set_working_hours
from tenants.accounts.models import User
from tenants.accounts.services import create_user
from tenants.base.clock import now
from tenants.door import enter_clinic
from tenants.links import clinic_url
from tenants.models import Clinic

OPERATOR = "operator@platform.example"


def ensure_operator(password: str) -> dict[str, str]:
    """The demo's operator; how to sign in as them."""
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
    """Open the clinic unless it is there, and say how to sign in to it."""
    clinic = Clinic.objects.filter(slug=demo.slug).first() or open_demo_clinic(demo)
    return {
        "slug": clinic.slug,
        "url": clinic_url(clinic, "/").rstrip("/"),
        "time_zone": clinic.time_zone,
        "admin": sign_in_of(demo, demo.admin_email),
        "doctors": [sign_in_of(demo, doctor.email) for doctor in demo.doctors if doctor.email],
        "patients": [sign_in_of(demo, demo.patient_email)],
    }


def open_demo_clinic(demo: DemoClinic) -> Clinic:
    """A demo clinic with its people, hours and slots."""
    admin = FirstAdmin(
        email=demo.admin_email,
        password=password_of(demo, demo.admin_email),
        first_name="Demo",
        last_name="Admin",
    )
    clinic = open_clinic(
        name=demo.name, slug=demo.slug, time_zone=demo.time_zone, admin=admin, settings=demo.settings
    )
    with enter_clinic(clinic):
        for doctor in demo.doctors:
            add_demo_doctor(demo, doctor)
        VisitType.objects.bulk_create(
            VisitType(position=position, **fields) for position, fields in enumerate(demo.visit_types)
        )
        register_patient(
            email=demo.patient_email,
            password=password_of(demo, demo.patient_email),
            first_name="Demo",
            last_name="Patient",
        )
    return clinic


def add_demo_doctor(demo: DemoClinic, doctor: DemoDoctor) -> Doctor:
    """A doctor with hours and, already, slots."""
    user = None
    if doctor.email:
        user = create_user(
            email=doctor.email,
            password=password_of(demo, doctor.email),
            first_name="Dr",
            last_name=doctor.name,
            role=User.Role.DOCTOR,
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


def sign_in_of(demo: DemoClinic, email: str) -> dict[str, str]:
    """E-mail and password."""
    return {"email": email, "password": password_of(demo, email)}


def password_of(demo: DemoClinic, email: str) -> str:
    """The named password, else one that only this installation's secret gives: the same at every start."""
    made = hmac.digest(settings.SECRET_KEY.encode(), f"demo {email}".encode(), hashlib.sha256)
    return demo.passwords.get(email) or base64.b32encode(made)[:16].decode().lower()
