"""`portal/bookings/{id}/spoken/`: what the front desk says to a caller who has just been booked."""

import uuid
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.services.spoken_booking import spoken_booking
from scheduling.bookings.access import open_booking
from tenants.accounts.permissions import IsFrontDesk, signed_in_user
from tenants.base.clock import now
from tenants.base.operations import operation


class SpokenBookingOutput(serializers.Serializer[Any]):
    """Sentences to read to the caller, in the clinic's language."""

    appointment = serializers.CharField(help_text="Day, time with zone, doctor and place.")
    messages = serializers.CharField(help_text="Which messages the caller gets; or to write it down.")
    addresses = serializers.ListField(
        child=serializers.CharField(), help_text="The email addresses that get the confirmation."
    )


class SpokenBookingView(APIView):
    """A booking in words."""

    permission_classes = (IsFrontDesk,)

    @operation(summary="Get what to say to a caller", responses=SpokenBookingOutput)
    def get(self, request: Request, booking_id: uuid.UUID) -> Response:
        """What to say to a caller about a booking. It names only messages that will be sent."""
        booking = open_booking(booking_id=booking_id, by=signed_in_user(request))
        return Response(SpokenBookingOutput(spoken_booking(booking, now=now())).data)
