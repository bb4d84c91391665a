"""`portal/bookings/{id}/messages/`: messages to the patient and carers about a booking, for staff."""

import uuid
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.models import Channel, EmailReport, Message
from notifications.selectors import messages_about
from scheduling.bookings.access import open_booking
from scheduling.calendar.api_outputs import MomentField, OptionalMomentField
from tenants.accounts.permissions import IsStaff, signed_in_user
from tenants.base.operations import operation

_Status = Message.Status
_NOT_DELIVERED = {EmailReport.Kind.BOUNCED, EmailReport.Kind.DELAYED, EmailReport.Kind.COMPLAINT}


class LoggedMessageOutput(serializers.Serializer[Any]):
    """A message about a booking, without its text."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Message.Kind.choices)
    text = serializers.CharField(source="get_kind_display", help_text="The kind in words.")
    channel = serializers.ChoiceField(choices=Channel.choices)
    to = serializers.CharField(source="recipient.get_full_name")
    status = serializers.ChoiceField(choices=_Status.choices)
    due = MomentField(source="due_at")
    sent = OptionalMomentField(source="sent_at")
    is_problem = serializers.SerializerMethodField(help_text="Whether it failed or did not arrive.")
    result = serializers.SerializerMethodField(help_text="What became of it, in words.")

    def get_is_problem(self, message: Message) -> bool:
        """Whether staff should do something about it."""
        return message.status == _Status.PARKED or bool(_failure_after_sending(message))

    def get_result(self, message: Message) -> str:
        """What became of the message."""
        if message.status == _Status.SENT:
            if failure := _failure_after_sending(message):
                return _("Not delivered: %(reason)s") % {"reason": failure}
            is_delivered = any(text.delivered_at for text in message.text_messages.all())
            return pgettext("message", "Delivered") if is_delivered else pgettext("message", "Sent")
        if message.status == _Status.PARKED:
            return _("Failed: %(reason)s") % {"reason": message.get_parked_because_display()}
        if message.status == _Status.DROPPED:
            return _("Not sent: %(reason)s") % {"reason": message.get_dropped_because_display()}
        return pgettext("message", "Planned")


def _failure_after_sending(message: Message) -> str:
    """Return why a message that was accepted did not arrive; "" if that is not known."""
    if message.status != _Status.SENT:
        return ""
    reports = [report for report in message.reports.all() if report.kind in _NOT_DELIVERED]
    if reports:
        return str(reports[0].get_kind_display())
    return message.last_error


class ContactLogView(APIView):
    """The messages about one booking."""

    permission_classes = (IsStaff,)

    @operation(summary="List the messages about a booking", responses=LoggedMessageOutput(many=True))
    def get(self, request: Request, booking_id: uuid.UUID) -> Response:
        """The messages to the patient and the patient's carers about a booking, in the order of their times.

        They contain no text of a message. For the booking's doctor, admins and receptionists. Each read is
        recorded in the audit log.
        """
        booking = open_booking(booking_id=booking_id, by=signed_in_user(request))
        return Response(LoggedMessageOutput(messages_about(booking), many=True).data)
