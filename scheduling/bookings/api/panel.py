"""`portal/bookings/`: one booking for staff, and steps that only the portal offers."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.bookings import attendance
from scheduling.bookings.access import find_booking, open_booking
from scheduling.bookings.api.outputs import BookingOutput
from scheduling.bookings.api.panel_outputs import BookingPanelOutput
from scheduling.bookings.bulk_steps import StepResult, apply_to_each
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.selectors import visible_bookings
from scheduling.bookings.undo import UndoTooLate, undo_step
from scheduling.errors import BookingNotChangeable, SlotTaken
from scheduling.models import Booking
from tenants.accounts.permissions import IsStaff, signed_in_user
from tenants.base.clock import format_staff_time, now
from tenants.base.errors import NotFound, Text
from tenants.base.fields import MAILED_TEXT, ParagraphField
from tenants.base.operations import operation
from tenants.base.requests import validate

_MAX_BOOKINGS = 100
_SERVICES: dict[str, Callable[..., Booking]] = {
    "confirm": attendance.confirm_booking,
    "check_in": attendance.check_in,
    "start": attendance.start_visit,
    "complete": attendance.complete_booking,
    "no_show": attendance.mark_no_show,
    "cancel": cancel_booking,
}


class BookingPanelView(APIView):
    """One booking, for staff."""

    permission_classes = (IsStaff,)

    @operation(summary="Get a booking with its patient and history", responses=BookingPanelOutput)
    def get(self, request: Request, booking_id: uuid.UUID) -> Response:
        """A booking with its patient, history and the actions that are possible now.

        For its doctor, admins and receptionists. `alerts` and `answers` are null for those who may not see
        medical details. Each read is recorded in the audit log.
        """
        booking = open_booking(booking_id=booking_id, by=signed_in_user(request))
        return Response(BookingPanelOutput(booking, context={"request": request}).data)


class UndoInput(serializers.Serializer[Any]):
    """The step to undo."""

    status = serializers.ChoiceField(
        choices=["CHECKED_IN", "IN_PROGRESS", "COMPLETED", "NO_SHOW"],
        help_text="The status of the booking as you see it. If it has another one by now, nothing is undone.",
    )


class UndoView(APIView):
    """Undo the last step of a visit."""

    permission_classes = (IsStaff,)

    @operation(
        summary="Undo the last step of a visit",
        request=UndoInput,
        responses=BookingOutput,
        success=_("The last step has been undone."),
        errors=[BookingNotChangeable, UndoTooLate, SlotTaken],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Undo that the patient arrived or did not come, or that the visit started or was completed.

        Allowed for one day. The booking gets the status that it had before. `slot_taken` means that the time
        of a no-show has been booked since.
        """
        data, user = validate(UndoInput, request.data), signed_in_user(request)
        booking = find_booking(booking_id=booking_id, by=user)
        changed = undo_step(booking=booking, status=data["status"], by=user, now=now())
        return Response(BookingOutput(changed, context={"request": request}).data)


class StepsInput(serializers.Serializer[Any]):
    """A step for several bookings."""

    step = serializers.ChoiceField(choices=list(_SERVICES), help_text="The step to take with each booking.")
    bookings = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=_MAX_BOOKINGS, help_text="Their ids."
    )
    reason = ParagraphField(
        required=False,
        allow_blank=True,
        default="",
        help_text="Why they are cancelled, for the patients. " + MAILED_TEXT,
    )
    private_reason = ParagraphField(
        required=False, allow_blank=True, default="", help_text="Why they are cancelled, for staff only."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a reason that no step would store."""
        for name in ("reason", "private_reason"):
            if attrs[name] and attrs["step"] != "cancel":
                raise serializers.ValidationError({name: _("Only a cancellation has a reason.")})
        return attrs


class RefusedStepOutput(serializers.Serializer[Any]):
    """A booking for which the step was refused, and why."""

    booking = serializers.UUIDField()
    name = serializers.CharField(help_text="Patient and time in words; empty if you may not see it.")
    code = serializers.CharField()
    message = serializers.CharField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "One booking that was refused",
            response_only=True,
            value={
                "done": [],
                "refused": [
                    {
                        "booking": "4c8d2a1e-7f0b-4d6c-9a3e-5b2f1d0c7e08",
                        "name": "Sam Fisher, 24 November 2026, 9:30 am",
                        "code": "booking_over",
                        "message": "This appointment can no longer be changed.",
                    }
                ],
            },
        )
    ]
)
class StepsOutput(serializers.Serializer[Any]):
    """What became of each booking."""

    done = BookingOutput(many=True)
    refused = RefusedStepOutput(many=True)


def steps_message(data: dict[str, Any]) -> Text:
    """How many bookings were changed, and how many were refused."""
    done, refused = len(data["done"]), len(data["refused"])
    text = ngettext("%(count)d booking updated.", "%(count)d bookings updated.", done) % {"count": done}
    if refused:
        more = ngettext("%(count)d booking was not changed.", "%(count)d bookings were not changed.", refused)
        text = f"{text} {more % {'count': refused}}"
    return text


class StepsView(APIView):
    """Take a step with several bookings."""

    permission_classes = (IsStaff,)

    @operation(
        summary="Take a step with several bookings",
        request=StepsInput,
        responses=StepsOutput,
        success=steps_message,
    )
    def post(self, request: Request) -> Response:
        """Confirm, check in, start, complete, mark as no-show or cancel up to 100 bookings.

        Each booking is changed separately. Those that are refused are listed with the reason; the others are
        changed all the same. Ids that you may not see are refused with `not_found`.
        """
        data, user = validate(StepsInput, request.data), signed_in_user(request)
        ids = list(dict.fromkeys(data["bookings"]))
        found = {booking.pk: booking for booking in visible_bookings(user).filter(pk__in=ids)}
        reasons = {name: data[name] for name in ("reason", "private_reason") if data["step"] == "cancel"}
        service = partial(_SERVICES[data["step"]], by=user, now=now(), **reasons)
        result = apply_to_each(
            [found[pk] for pk in ids if pk in found], lambda booking: service(booking=booking)
        )
        missing = [_refused(pk, "", NotFound()) for pk in ids if pk not in found]
        return Response(_as_data(result, missing, request))


def _as_data(result: StepResult, missing: list[dict[str, Any]], request: Request) -> dict[str, Any]:
    refused = [
        _refused(
            row.booking.pk,
            f"{row.booking.patient.full_name}, {format_staff_time(row.booking.starts_at)}",
            row.error,
        )
        for row in result.refused
    ]
    rows = {"done": result.done, "refused": [*refused, *missing]}
    return dict(StepsOutput(rows, context={"request": request}).data)


def _refused(booking_id: uuid.UUID, name: str, error: Any) -> dict[str, Any]:
    return {
        "booking": booking_id,
        "name": name,
        "code": error.code,
        "message": error.message_with_details,
    }
