"""The signed cookie by which the browser of a newcomer is known, and what requests with it may do."""

import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpResponse

from clinics.models import Patient
from clinics.selectors import clinic_settings
from scheduling.bookings.newcomers import (
    extend_for_code,
    hold_for_newcomer,
    move_hold_to_account,
    new_newcomer,
)
from scheduling.models import Booking, VisitType
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.base.errors import DomainError
from tenants.base.requests import rate_limit_address
from tenants.current import current_clinic

_LIFETIME = timedelta(hours=2)
"""Longer than a hold can last. Each hold renews it."""


def newcomer_of(request: Any) -> Patient | None:
    """Return the record of the newcomer whose browser this is; None without a valid cookie of this clinic."""
    cookie = request.COOKIES.get(settings.NEWCOMER_COOKIE, "")
    with suppress(signing.BadSignature, ValueError):
        key = uuid.UUID(signing.loads(cookie, salt=_salt(), max_age=_LIFETIME))
        return Patient(pk=key, is_newcomer=True)
    return None


def records_of(request: Any) -> QuerySet[Patient]:
    """Return the record of the newcomer whose browser this is, if they have held a time."""
    newcomer = newcomer_of(request)
    if newcomer is None:
        return Patient.objects.none()
    return Patient.objects.filter(pk=newcomer.pk, is_newcomer=True)


def remember_newcomer(response: HttpResponse, newcomer: Patient) -> None:
    """Store the id of the newcomer's record in the browser."""
    response.set_cookie(
        settings.NEWCOMER_COOKIE,
        _signed(newcomer),
        max_age=_LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def hold_for_request(
    request: Any, *, slot_id: uuid.UUID, visit_type: VisitType | None, now: datetime
) -> Booking:
    """Hold a slot for the newcomer who sent the request. Pass the hold's patient to `remember_newcomer`.

    :raises DomainError: as `hold_for_newcomer`
    """
    hold = hold_for_newcomer(
        newcomer=newcomer_of(request) or new_newcomer(),
        slot_id=slot_id,
        visit_type=visit_type,
        until=now + timedelta(minutes=clinic_settings().hold_minutes),
        address=rate_limit_address(request),
        now=now,
    )
    # From now on the request is that of a known browser, for example to extend the hold for a code.
    request.COOKIES[settings.NEWCOMER_COOKIE] = _signed(hold.patient)
    return hold


def move_hold_after_sign_in(request: Any, response: HttpResponse, user: User) -> None:
    """Give the hold of the newcomer to the patient who has signed in or registered in the same browser."""
    newcomer = newcomer_of(request)
    if newcomer is None or user.role != User.Role.PATIENT:
        return
    with suppress(DomainError):  # the hold then ends by itself
        move_hold_to_account(newcomer=newcomer, user=user, now=clock_now())
    response.delete_cookie(settings.NEWCOMER_COOKIE, samesite="Lax")


def extend_hold_for_code(request: Any, until: datetime) -> None:
    """Let the hold of the newcomer's browser last as long as the code it has requested."""
    if newcomer := newcomer_of(request):
        extend_for_code(newcomer=newcomer, until=until, now=clock_now())


def _signed(newcomer: Patient) -> str:
    """Return the value of the cookie."""
    return signing.dumps(newcomer.pk.hex, salt=_salt())


def _salt() -> str:
    return f"newcomers at {current_clinic().pk}"
