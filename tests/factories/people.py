"""People for tests."""

from itertools import count
from typing import Any

from clinics.models import Doctor, Patient
from clinics.services.dependants import add_dependant
from clinics.services.profiles import add_doctor, register_patient
from tenants.accounts.models import User
from tenants.accounts.users import create_user

PASSWORD = "correct horse battery staple"
_numbers = count(1)


def make_user(role: str, **fields: Any) -> User:
    """A user of that role."""
    number = next(_numbers)
    given = {
        "email": f"{role}{number}@people.example",
        "first_name": "Kim",
        "last_name": f"Number{number}",
        **fields,
    }
    return create_user(password=PASSWORD, role=role, **given)


def make_admin(**fields: Any) -> User:
    """A clinic admin."""
    return make_user(User.Role.ADMIN, **fields)


def make_receptionist(**fields: Any) -> User:
    """Somebody at the clinic's desk."""
    return make_user(User.Role.RECEPTIONIST, **fields)


def make_doctor(**fields: Any) -> Doctor:
    """A doctor of general medicine who signs in."""
    user = make_user(User.Role.DOCTOR)
    return add_doctor(
        **{"name": user.last_name, "title": "Dr", "user": user, "specialties": ["general-medicine"], **fields}
    )


def make_patient(**fields: Any) -> Patient:
    """A patient who signs in."""
    number = next(_numbers)
    given = {
        "email": f"patient{number}@people.example",
        "first_name": "Pat",
        "last_name": f"Number{number}",
        **fields,
    }
    return register_patient(password=PASSWORD, **given)


def make_dependant(carer: Patient, **details: Any) -> Patient:
    """Somebody whom the patient cares for."""
    assert carer.user is not None
    given = {"first_name": "Kit", "last_name": f"Number{next(_numbers)}", **details}
    return add_dependant(user=carer.user, details=given)


def user_of(patient: Patient) -> User:
    """Who signs in for the patient."""
    assert patient.user is not None
    return patient.user
