"""For patients: book an earlier visit again, and check in on arrival."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.selectors import clinic_settings
from scheduling.bookings.access import find_booking
from scheduling.bookings.api.outputs import BookingOutput
from scheduling.bookings.book_again import book_again
from scheduling.bookings.online_check_in import (
    CheckInAtDesk,
    CheckInTooEarly,
    check_in_online,
    visits_to_check_in,
)
from tenants.accounts.permissions import IsPatient, signed_in_user
from tenants.base.clock import now
from tenants.base.operations import operation


class BookAgainOutput(serializers.Serializer[Any]):
    """What of a booking can be booked again."""

    doctor = serializers.UUIDField(
        allow_null=True, help_text="Null if patients can no longer book the doctor online."
    )
    visit_type = serializers.UUIDField(
        allow_null=True, help_text="Null if there was none, or it is no longer offered."
    )
    lacks_visit_type = serializers.BooleanField(
        help_text="Whether the booking had a visit type that is no longer offered."
    )


class CheckInPageOutput(serializers.Serializer[Any]):
    """Today's visits of a patient and their dependants."""

    is_offered = serializers.BooleanField(help_text="Whether patients can check in online at this clinic.")
    visits = BookingOutput(many=True)


class BookAgainView(APIView):
    """What of a booking can be booked again."""

    permission_classes = (IsPatient,)

    @operation(summary="See what can be booked again", responses=BookAgainOutput)
    def get(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Whether the booking's doctor, and its visit type with that doctor, are still offered."""
        booking = find_booking(booking_id=booking_id, by=signed_in_user(request))
        return Response(BookAgainOutput(book_again(booking)).data)


class OnlineCheckInView(APIView):
    """Check in online."""

    permission_classes = (IsPatient,)

    @operation(
        summary="Check in online",
        request=None,
        responses=BookingOutput,
        success=_("You are checked in."),
        errors=[CheckInAtDesk, CheckInTooEarly],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Tell the clinic that the patient has arrived, from 60 minutes before the start until the end.

        For the patient and their carers, for visits in person, where the clinic offers it. Repeating it has
        no further effect.
        """
        user = signed_in_user(request)
        booking = find_booking(booking_id=booking_id, by=user)
        arrived = check_in_online(booking=booking, by=user, now=now())
        return Response(BookingOutput(arrived, context={"request": request}).data)


class CheckInPageView(APIView):
    """The visits to check in for."""

    permission_classes = (IsPatient,)

    @operation(summary="List today's visits to check in for", responses=CheckInPageOutput)
    def get(self, request: Request) -> Response:
        """Today's visits in person of the patient and their dependants that are not over, soonest first."""
        page = {
            "is_offered": clinic_settings().online_check_in,
            "visits": list(visits_to_check_in(signed_in_user(request), now=now())),
        }
        return Response(CheckInPageOutput(page, context={"request": request}).data)
