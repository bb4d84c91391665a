"""`appointments/holds/`: reserve a slot for a few minutes while the patient completes the form."""

import uuid

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Patient
from scheduling.bookings.api.inputs import HoldInput
from scheduling.bookings.api.outputs import HoldOutput
from scheduling.bookings.create import requested_patient, requested_visit_type
from scheduling.bookings.hold import hold_slot, release_desk_hold, release_hold
from scheduling.errors import BOOKING_ERRORS, TimeOffered
from scheduling.outside_calendars.before_booking import read_before_booking
from tenants.accounts.permissions import IsPatientOrFrontDesk, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.operations import operation
from tenants.base.requests import validate


class HoldsView(APIView):
    """Hold a slot."""

    permission_classes = (IsPatientOrFrontDesk,)

    @operation(
        summary="Hold a slot",
        request=HoldInput,
        responses={201: HoldOutput},
        success=_("We are holding this time for you. Complete your booking before the hold expires."),
        errors=[*BOOKING_ERRORS, TimeOffered, NotFound],
    )
    def post(self, request: Request) -> Response:
        """Reserve a slot until `held_until`, while the patient completes the booking form.

        `slot` is required. A patient has one hold at a time: a new hold releases the old one. Turn the hold
        into a booking with `hold` in `POST appointments/bookings/`. With `slot_taken`, `data.alternatives`
        has the nearest open slots.

        The front desk holds a time for the `patient` it names, while it speaks to a caller: one for
        each patient, beside the patient's own.
        """
        data, user = validate(HoldInput, request.data), signed_in_user(request)
        read_before_booking(slots=[data["slot"]], now=now())
        hold = hold_slot(
            slot_id=data["slot"],
            patient=requested_patient(user, data.get("patient")),
            by=user,
            visit_type=requested_visit_type(user, data["visit_type"]),
            now=now(),
        )
        return Response(HoldOutput(hold).data, status=status.HTTP_201_CREATED)


class HoldView(APIView):
    """One hold."""

    permission_classes = (IsPatientOrFrontDesk,)

    @operation(summary="Release a hold", responses={200: None}, success=_("The time is released."))
    def delete(self, request: Request, hold_id: uuid.UUID) -> Response:
        """End the hold, so that others can book the slot. The front desk ends only holds that it made."""
        user = signed_in_user(request)
        if user.is_front_desk:
            release_desk_hold(hold_id=hold_id, by=user, now=now())
        else:
            release_hold(hold_id=hold_id, patients=Patient.objects.of_user(user), by=user, now=now())
        return Response(None)
