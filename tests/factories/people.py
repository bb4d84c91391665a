"""Users, doctors, patients and dependants for tests."""

from itertools import count
from typing import Any

from clinics.models import Doctor, Patient
from clinics.services.dependants import add_dependant
from clinics.services.profiles import add_doctor, register_patient
from tenants.accounts.models import User
from tenants.accounts.users import create_user
from tenants.base.clock import now

PASSWORD = "correct horse battery staple"
_numbers = count(1)


def make_user(role: str, **fields: Any) -> User:
    """A user of that role."""
    number = next(_numbers)
    values = {
        "email": f"{role}{number}@people.example",
        "first_name": "Kim",
        "last_name": f"Number{number}",
        **fields,
    }
    return create_user(password=PASSWORD, role=role, **values)


def make_admin(**fields: Any) -> User:
    """A clinic admin."""
    return make_user(User.Role.ADMIN, **fields)


def make_receptionist(**fields: Any) -> User:
    """A receptionist of the clinic."""
    return make_user(User.Role.RECEPTIONIST, **fields)


def make_doctor(**fields: Any) -> Doctor:
    """A doctor of general medicine with an account."""
    user = make_user(User.Role.DOCTOR)
    return add_doctor(
        **{"name": user.last_name, "title": "Dr", "user": user, "specialties": ["general-medicine"], **fields}
    )


def make_patient(**fields: Any) -> Patient:
    """A patient with an account whose address is confirmed, unless `confirmed_at` is None."""
    number = next(_numbers)
    values = {
        "confirmed_at": now(),
        "email": f"patient{number}@people.example",
        "first_name": "Pat",
        "last_name": f"Number{number}",
        **fields,
    }
    return register_patient(password=PASSWORD, **values)


def make_dependant(carer: Patient, **details: Any) -> Patient:
    """A dependant of the patient."""
    assert carer.user is not None
    values = {"first_name": "Kit", "last_name": f"Number{next(_numbers)}", **details}
    return add_dependant(user=carer.user, details=values)


def user_of(person: Patient | Doctor) -> User:
    """Return the account of a patient or doctor."""
    assert person.user is not None
    return person.user
