"""`portal/absences/…`: whom emails reach, what they say, and messages to a selection of patients."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.models import Channel, Message
from notifications.reach import Reach, reach_of
from notifications.recipients import with_recipients
from notifications.services.email_preview import message_preview
from scheduling.bookings.access import find_booking
from scheduling.bookings.api.idempotency import IDEMPOTENCY_KEY, idempotency_key
from scheduling.bookings.idempotency import run_idempotently
from scheduling.bookings.write_to_patients import write_to_patients
from scheduling.errors import IdempotencyKeyReused
from scheduling.models import Booking
from scheduling.patients.access_log import record_patients_listed
from tenants.accounts.permissions import IsFrontDesk, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.fields import MAILED_TEXT, ParagraphField, RefuseOtherFields
from tenants.base.operations import operation
from tenants.base.requests import validate
from tenants.phone_numbers import format_phone

_MAX_BOOKINGS = 500

_PREVIEWED = _("This is a preview. Nothing has been changed.")


class ReachInput(RefuseOtherFields, serializers.Serializer[Any]):
    """The appointments that are to be changed, or were."""

    bookings = serializers.ListField(
        child=serializers.UUIDField(), max_length=_MAX_BOOKINGS, help_text="Ids of bookings."
    )


class ReachedPersonOutput(serializers.Serializer[Any]):
    """How the patient of an appointment, or their carer, is notified of changes."""

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

    @operation(
        summary="Find out whom messages reach",
        request=ReachInput,
        responses=ReachOutput,
        success=_PREVIEWED,
    )
    def post(self, request: Request) -> Response:
        """List how the patients of appointments hear of a change: by email, text message, or not at all."""
        ids = validate(ReachInput, request.data)["bookings"]
        return Response(_reach_output(ids, kind=Message.Kind.CANCELLATION, request=request))


def _reach_output(ids: list[uuid.UUID], *, kind: Message.Kind, request: Request) -> dict[str, Any]:
    """Return whom a message of this kind about these bookings reaches, and record the reading."""
    bookings = list(with_recipients(Booking.objects.booked().filter(pk__in=ids)).order_by("starts_at", "id"))
    people = reach_of(bookings, kind=kind)
    record_patients_listed(patients=[booking.patient for booking in bookings], by=signed_in_user(request))
    reached = sum(bool(person.channels) for person in people)
    counts = {"reached": reached, "not_reached": len(people) - reached}
    return dict(ReachOutput({**counts, "people": people}).data)


class EmailPreviewInput(RefuseOtherFields, serializers.Serializer[Any]):
    """An appointment, and the text that its patient reads."""

    booking = serializers.UUIDField(help_text="The booking's id.")
    reason = ParagraphField(
        required=False, allow_blank=True, default="", max_length=500, help_text="The text. " + MAILED_TEXT
    )
    only_message = serializers.BooleanField(
        required=False, default=False, help_text="Whether it is a message only, and nothing is cancelled."
    )


class EmailPreviewOutput(serializers.Serializer[Any]):
    """The messages to a patient. All texts are empty if nobody would get one."""

    subject = serializers.CharField(help_text="The email's subject; empty if only a text message is sent.")
    text = serializers.CharField(help_text="The email's text; empty if only a text message is sent.")
    sms = serializers.CharField(help_text="The text message; empty if none is sent.")


class EmailPreviewView(APIView):
    """The messages to a patient about a cancellation, or with a text of the clinic's."""

    permission_classes = (IsFrontDesk,)

    @operation(
        summary="Preview the messages to a patient",
        request=EmailPreviewInput,
        responses=EmailPreviewOutput,
        success=_PREVIEWED,
        errors=[NotFound],
    )
    def post(self, request: Request) -> Response:
        """Render the email and text message about a cancellation, or with `only_message` the message."""
        data, user = validate(EmailPreviewInput, request.data), signed_in_user(request)
        booking = find_booking(booking_id=data["booking"], by=user)
        kind = Message.Kind.CLINIC_NOTE if data["only_message"] else Message.Kind.CANCELLATION
        preview = message_preview(booking=booking, kind=kind, text=data["reason"], by=user, now=now())
        record_patients_listed(patients=[booking.patient], by=user)
        email = preview.email if preview else None
        subject, text = (email.subject, email.text) if email else ("", "")
        sms = preview.sms if preview else ""
        return Response(EmailPreviewOutput({"subject": subject, "text": text, "sms": sms}).data)


class NoteInput(ReachInput):
    """A short text to the patients of some appointments."""

    text = ParagraphField(max_length=500, help_text="The text. " + MAILED_TEXT)


class NotesView(APIView):
    """Messages to the patients of a selection of appointments."""

    permission_classes = (IsFrontDesk,)

    @operation(
        summary="Write to the patients of a selection",
        parameters=[IDEMPOTENCY_KEY],
        request=NoteInput,
        responses={201: ReachOutput},
        success=_("Message sent. Check whom to call."),
        errors=[IdempotencyKeyReused],
    )
    def post(self, request: Request) -> Response:
        """Send the same text to the patients of upcoming appointments, each with the details of their own.

        The response lists whom the message reaches, and the numbers of those whom it does not reach.
        """
        data, user = validate(NoteInput, request.data), signed_in_user(request)

        def write() -> dict[str, Any]:
            chosen = write_to_patients(bookings=data["bookings"], text=data["text"], by=user, now=now())
            ids = [booking.pk for booking in chosen]
            return _reach_output(ids, kind=Message.Kind.CLINIC_NOTE, request=request)

        answer = run_idempotently(
            write, user=user, key=idempotency_key(request), request={**data, "note": True}, now=now()
        )
        return Response(answer, status=status.HTTP_201_CREATED)
