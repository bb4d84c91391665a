"""Read the doctor that a request is about."""

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from clinics.models import Doctor
from clinics.selectors import doctor_of
from scheduling.calendar.api_fields import WhoseFilter
from tenants.accounts.models import User
from tenants.accounts.permissions import user_of
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.requests import query_of, read


def doctor_meant(request: Request) -> Doctor:
    """The doctor of the request: doctors are their own, admins name one with `?doctor=`.

    :raises InvalidInput: an admin did not name a doctor
    :raises NotFound: the doctor does not exist, or a doctor names another one
    """
    user, wanted = user_of(request), read(WhoseFilter, query_of(request)).get("doctor")
    if user.role == User.Role.DOCTOR:
        own = doctor_of(user)
        if wanted not in (None, own.pk):
            raise NotFound
        return own
    if wanted is None:
        raise InvalidInput(errors={"doctor": [_("Choose a doctor: add the parameter doctor with an id.")]})
    doctor: Doctor | None = Doctor.objects.filter(pk=wanted).first()
    if doctor is None:
        raise NotFound
    return doctor
