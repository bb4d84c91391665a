"""`portal/absences/reach/` and `…/email/`: whom an email about an absence reaches, and what it says."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.models import Channel, Message
from notifications.reach import Reach, reach_of
from notifications.recipients import with_recipients
from notifications.services.change_preview import cancellation_preview
from scheduling.bookings.access import find_booking
from scheduling.models import Booking
from scheduling.patients.access_log import record_patients_listed
from tenants.accounts.permissions import IsFrontDesk, signed_in_user
from tenants.base.clock import now
from tenants.base.fields import MAILED_TEXT, LineField, RefuseOtherFields
from tenants.base.operations import operation
from tenants.base.requests import validate
from tenants.phone_numbers import format_phone

_MAX_BOOKINGS = 500


class ReachInput(RefuseOtherFields, serializers.Serializer[Any]):
    """The appointments that are to be changed, or were."""

    bookings = serializers.ListField(
        child=serializers.UUIDField(), max_length=_MAX_BOOKINGS, help_text="Ids of bookings."
    )


class ReachedPersonOutput(serializers.Serializer[Any]):
    """How the patient of an appointment, or who looks after them, is told of changes."""

    booking = serializers.UUIDField(source="booking.pk")
    patient_name = serializers.CharField(source="booking.patient.full_name")
    phone = serializers.CharField(source="booking.patient.phone")
    phone_display = serializers.SerializerMethodField()
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices=Channel.choices),
        help_text="Empty if no message reaches anybody: then somebody has to call.",
    )

    def get_phone_display(self, reach: Reach) -> str:
        """The number as it is written in the clinic's country."""
        phone: str = reach.booking.patient.phone
        return format_phone(phone)


class ReachOutput(serializers.Serializer[Any]):
    """How many appointments' patients hear of a change, and who they are."""

    reached = serializers.IntegerField()
    not_reached = serializers.IntegerField()
    people = ReachedPersonOutput(many=True)


class ReachView(APIView):
    """Whom messages about changed appointments reach."""

    permission_classes = (IsFrontDesk,)

    @operation(summary="Find out whom emails reach", request=ReachInput, responses=ReachOutput)
    def post(self, request: Request) -> Response:
        """List how the patients of appointments hear of a change: by email, text message, or not at all."""
        ids = validate(ReachInput, request.data)["bookings"]
        bookings = list(
            with_recipients(Booking.objects.booked().filter(pk__in=ids)).order_by("starts_at", "id")
        )
        people = reach_of(bookings, kind=Message.Kind.CANCELLATION)
        record_patients_listed(patients=[booking.patient for booking in bookings], by=signed_in_user(request))
        reached = sum(bool(person.channels) for person in people)
        return Response(
            ReachOutput({"reached": reached, "not_reached": len(people) - reached, "people": people}).data
        )


class EmailPreviewInput(RefuseOtherFields, serializers.Serializer[Any]):
    """An appointment, and the reason that its patient is told."""

    booking = serializers.UUIDField(help_text="The booking's id.")
    reason = LineField(
        required=False, allow_blank=True, default="", max_length=120, help_text="The reason. " + MAILED_TEXT
    )


class EmailPreviewOutput(serializers.Serializer[Any]):
    """An email. Both texts are empty if nobody would get it."""

    subject = serializers.CharField()
    text = serializers.CharField()


class EmailPreviewView(APIView):
    """The email about a cancellation."""

    permission_classes = (IsFrontDesk,)

    @operation(
        summary="Preview the email about a cancellation",
        request=EmailPreviewInput,
        responses=EmailPreviewOutput,
    )
    def post(self, request: Request) -> Response:
        """Render the email that a patient would get if the appointment were cancelled with this reason."""
        data, user = validate(EmailPreviewInput, request.data), signed_in_user(request)
        booking = find_booking(booking_id=data["booking"], by=user)
        content = cancellation_preview(booking=booking, reason=data["reason"], by=user, now=now())
        record_patients_listed(patients=[booking.patient], by=user)
        subject, text = (content.subject, content.text) if content else ("", "")
        return Response(EmailPreviewOutput({"subject": subject, "text": text}).data)
