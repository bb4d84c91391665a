"""`portal/bookings/{id}/notes/`: the note that a doctor writes about a visit."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.bookings.access import find_booking
from scheduling.calendar.api_outputs import MomentField
from scheduling.visit_notes.errors import NoteChanged
from scheduling.visit_notes.services import open_note, save_note
from tenants.accounts.permissions import IsDoctor, signed_in_user
from tenants.base.clock import now
from tenants.base.fields import ParagraphField
from tenants.base.operations import operation
from tenants.base.requests import validate

_MAX_LENGTH = 20_000


class VisitNoteInput(serializers.Serializer[Any]):
    """A new version of a note."""

    text = ParagraphField(max_length=_MAX_LENGTH, allow_blank=True, help_text="The whole text.")
    based_on = serializers.IntegerField(
        min_value=0, max_value=2**31 - 2, help_text="The version that was changed; 0 if there was none."
    )


class VisitNoteOutput(serializers.Serializer[Any]):
    """A version of a note."""

    version = serializers.IntegerField()
    text = serializers.CharField()
    by = serializers.CharField(source="by.get_full_name")
    saved = MomentField(source="created_at")


class VisitNotesView(APIView):
    """The note of one visit, with its earlier versions."""

    permission_classes = (IsDoctor,)

    @operation(summary="Get a visit note", responses=VisitNoteOutput(many=True))
    def get(self, request: Request, booking_id: uuid.UUID) -> Response:
        """The versions of the note about a visit, the latest first; empty if there is none.

        Only for the doctor of the booking, whatever the front desk may see otherwise. Each read is recorded
        in the audit log.
        """
        versions = open_note(booking_id=booking_id, by=signed_in_user(request))
        return Response(VisitNoteOutput(versions, many=True).data)

    @operation(
        summary="Save a visit note",
        request=VisitNoteInput,
        responses={201: VisitNoteOutput(many=True)},
        success=_("Note saved."),
        errors=[NoteChanged],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Add a version to the note about a visit, and return all, the latest first. Nothing is overwritten.

        `based_on` names the version that was changed. If another one was saved since, the answer is 409
        `note_changed`, and nothing is saved. Only for the doctor of the booking. Notes are never emailed.
        """
        data, user = validate(VisitNoteInput, request.data), signed_in_user(request)
        booking = find_booking(booking_id=booking_id, by=user)
        versions = save_note(
            booking=booking, based_on=data["based_on"], text=data["text"], by=user, now=now()
        )
        return Response(VisitNoteOutput(versions, many=True).data, status=status.HTTP_201_CREATED)
