"""Find the doctor that a request is about."""

import uuid

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from clinics.models import Doctor
from clinics.selectors import get_doctor
from scheduling.calendar.api_fields import DoctorFilter
from tenants.accounts.models import User
from tenants.accounts.permissions import signed_in_user
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.requests import query_params, validate


def requested_doctor(request: Request) -> Doctor:
    """The doctor that the request is about: the signed-in doctor, or the one that the front desk
    names with `?doctor=`.

    :raises InvalidInput: a user who is not a doctor did not name one
    :raises NotFound: the doctor does not exist, or a doctor names another one
    """
    user, doctor_id = signed_in_user(request), validate(DoctorFilter, query_params(request)).get("doctor")
    if user.role == User.Role.DOCTOR:
        own_doctor = get_doctor(user)
        if doctor_id not in (None, own_doctor.pk):
            raise NotFound
        return own_doctor
    if doctor_id is None:
        raise InvalidInput(errors={"doctor": [_("Choose a doctor: add the parameter doctor with an id.")]})
    return find_doctor(doctor_id)


def find_doctor(doctor_id: uuid.UUID) -> Doctor:
    """The doctor with this id.

    :raises NotFound: there is none
    """
    doctor: Doctor | None = Doctor.objects.filter(pk=doctor_id).first()
    if doctor is None:
        raise NotFound
    return doctor
