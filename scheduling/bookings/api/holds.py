"""`appointments/holds/`: reserve a slot for a few minutes while the patient completes the form."""

import uuid
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Patient
from scheduling.bookings.api.inputs import HoldInput
from scheduling.bookings.api.outputs import HoldOutput
from scheduling.bookings.create import requested_patient, requested_visit_type
from scheduling.bookings.hold import hold_slot, release_desk_hold, release_hold
from scheduling.bookings.newcomer_cookie import hold_for_request, records_of, remember_newcomer
from scheduling.errors import BOOKING_ERRORS, TimeOffered
from scheduling.models import Booking
from scheduling.outside_calendars.before_booking import read_before_booking
from tenants.accounts.errors import TooManyAttempts
from tenants.accounts.models import User
from tenants.accounts.permissions import IsPatientFrontDeskOrNobody
from tenants.base.clock import now
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.operations import operation
from tenants.base.requests import validate


class HoldsView(APIView):
    """Hold a slot."""

    permission_classes = (IsPatientFrontDeskOrNobody,)

    @operation(
        summary="Hold a slot",
        request=HoldInput,
        responses={201: HoldOutput},
        success=gettext_lazy(
            "We are holding this time for you. Complete your booking before the hold expires."
        ),
        errors=[*BOOKING_ERRORS, TimeOffered, NotFound, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Reserve a slot until `held_until`, while the patient completes the booking form.

        `slot` is required. A patient has one hold at a time: a new hold releases the old one. Turn the hold
        into a booking with `hold` in `POST appointments/bookings/`. With `slot_taken`, `data.alternatives`
        has the nearest open slots.

        Visitors who are not signed in can hold a time as well, a few per address. The hold then belongs to
        the browser, by the `HttpOnly` cookie of the response. Sending the same slot again extends it, to at
        most 30 minutes. When its user signs in or registers, the hold becomes that patient's.

        The front desk holds a time for the `patient` it names, while it speaks to a caller: one for
        each patient, beside the patient's own.
        """
        data = validate(HoldInput, request.data)
        read_before_booking(slots=[data["slot"]], now=now())
        hold = _hold(request, data)
        response = Response(HoldOutput(hold).data, status=status.HTTP_201_CREATED)
        if hold.patient.is_newcomer:
            remember_newcomer(response, hold.patient)
        return response


def _hold(request: Request, data: dict[str, Any]) -> Booking:
    user = request.user if isinstance(request.user, User) else None
    visit_type = requested_visit_type(user, data["visit_type"])
    if user is None:
        if data.get("patient"):
            raise InvalidInput(errors={"patient": [_("Sign in to book for somebody else.")]})
        return hold_for_request(request, slot_id=data["slot"], visit_type=visit_type, now=now())
    patient = requested_patient(user, data.get("patient"))
    return hold_slot(slot_id=data["slot"], patient=patient, by=user, visit_type=visit_type, now=now())


class HoldView(APIView):
    """One hold."""

    permission_classes = (IsPatientFrontDeskOrNobody,)

    @operation(summary="Release a hold", responses={200: None}, success=gettext_lazy("The time is released."))
    def delete(self, request: Request, hold_id: uuid.UUID) -> Response:
        """End the hold, so that others can book the slot.

        The front desk ends only holds that it made. A hold without an account is ended by the browser that
        made it.
        """
        user = request.user if isinstance(request.user, User) else None
        if user is not None and user.is_front_desk:
            release_desk_hold(hold_id=hold_id, by=user, now=now())
        elif user is not None:
            release_hold(hold_id=hold_id, patients=Patient.objects.of_user(user), by=user, now=now())
        else:
            release_hold(hold_id=hold_id, patients=records_of(request), by=None, now=now())
        return Response(None)
