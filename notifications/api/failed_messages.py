"""`portal/failed-messages/`: messages to patients that failed, for staff to see to."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.models import Channel, Message
from notifications.staff_selectors import failed_messages
from scheduling.calendar.api_outputs import TimesOutput
from scheduling.patients.access_log import record_patients_listed_hourly
from tenants.accounts.permissions import IsStaff, signed_in_user
from tenants.base.clock import now
from tenants.base.operations import operation

_MAX_LISTED = 20


class FailedMessageOutput(serializers.ModelSerializer[Message]):
    """A message that could not be delivered."""

    about = serializers.CharField(source="get_kind_display", help_text="What it is about, as text.")
    channel = serializers.ChoiceField(choices=Channel.choices)
    reason = serializers.CharField(source="get_parked_because_display", help_text="Why it failed, as text.")
    booking = serializers.UUIDField(source="booking_id")
    patient_name = serializers.CharField(source="booking.patient.full_name")
    visit = TimesOutput(source="booking")

    class Meta:
        model = Message
        fields = ["id", "about", "channel", "parked_at", "reason", "booking", "patient_name", "visit"]
        read_only_fields = fields


class FailedMessagesOutput(serializers.Serializer[Any]):
    """The messages that failed, latest first."""

    count = serializers.IntegerField()
    results = FailedMessageOutput(many=True, help_text="The first 20.")


class FailedMessagesView(APIView):
    """Messages to patients that failed."""

    permission_classes = (IsStaff,)

    @operation(summary="List messages that failed", responses=FailedMessagesOutput)
    def get(self, request: Request) -> Response:
        """Messages about upcoming visits that failed and wait for staff, latest first.

        Doctors see those about their own visits, admins and receptionists all. Recipients can often be called
        instead.
        """
        user, moment = signed_in_user(request), now()
        failed = failed_messages(user, now=moment)
        listed = list(failed[:_MAX_LISTED])
        patients = [message.required_booking().patient for message in listed]
        record_patients_listed_hourly(patients=patients, by=user, now=moment)
        return Response(FailedMessagesOutput({"count": failed.count(), "results": listed}).data)
