"""Staff move visits, undo it, and see what is in the way: `portal/bookings/{id}/move/`, `portal/why-not/`."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.availability.open_slots import get_visit_type
from scheduling.bookings.access import find_booking, open_booking
from scheduling.bookings.last_change import last_change
from scheduling.bookings.selectors import visible_bookings
from scheduling.calendar.api_requests import find_doctor
from scheduling.clock.clock_changes import instants_at
from scheduling.errors import BOOKING_ERRORS, BookingChanged, BookingNotChangeable, SameTime
from scheduling.explain.reasons import skipped_time_reason
from scheduling.models import Booking, Place
from scheduling.moving.api.serializers import (
    MovableVisitOutput,
    MoveInput,
    UndoMoveInput,
    WhyNotFilters,
    WhyNotOutput,
)
from scheduling.moving.check_time import VisitRequest, check_time
from scheduling.moving.errors import MoveNotUndoable, OutsideHours, PreviousTimeTaken
from scheduling.moving.move import MoveRequest, move_visit
from scheduling.moving.undo import undo_move
from scheduling.outside_calendars.before_booking import read_before_booking
from scheduling.patients.access_log import record_patients_listed_hourly
from tenants.accounts.permissions import IsStaff, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate
from tenants.current import current_clinic


class MoveView(APIView):
    """Move a visit to any time."""

    permission_classes = (IsStaff,)

    @operation(summary="Get a visit to move", responses=MovableVisitOutput)
    def get(self, request: Request, booking_id: uuid.UUID) -> Response:
        """The visit with its `version`, for its doctor, admins and receptionists."""
        booking = open_booking(booking_id=booking_id, by=signed_in_user(request))
        return Response(MovableVisitOutput(booking).data)

    @operation(
        summary="Move a visit, or change its length",
        request=MoveInput,
        responses=MovableVisitOutput,
        success=gettext_lazy("Appointment moved."),
        errors=[BookingChanged, BookingNotChangeable, OutsideHours, SameTime, *BOOKING_ERRORS],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Move the visit to any time of a doctor, whether or not a slot starts then, or change its length.

        For its doctor, admins and receptionists. A time that is taken or outside the doctor's hours is
        refused; `overbook` and `outside_hours` confirm it. 409 `booking_changed` says who has changed the
        booking since `version`, and `data.booking` has it as it is now. No message is sent about the
        move until `undo_until`.
        """
        data, user = validate(MoveInput, request.data), signed_in_user(request)
        booking = find_booking(booking_id=booking_id, by=user)
        wanted = _move_request(data, booking)
        read_before_booking(doctors=[(wanted.doctor or booking.doctor).pk], now=now())
        try:
            moved = move_visit(
                booking=booking,
                request=wanted,
                version=data["version"],
                by=user,
                note=data["note"],
                now=now(),
            )
        except BookingChanged as refusal:
            present = find_booking(booking_id=booking_id, by=user)
            refusal.data = {**refusal.data, "booking": MovableVisitOutput(present).data}
            raise
        except BookingNotChangeable as refusal:
            refusal.data = last_change(find_booking(booking_id=booking_id, by=user))
            raise
        return Response(MovableVisitOutput(moved).data)


class UndoMoveView(APIView):
    """Undo a move."""

    permission_classes = (IsStaff,)

    @operation(
        summary="Undo a move",
        request=UndoMoveInput,
        responses=MovableVisitOutput,
        success=gettext_lazy("Move undone. No message was sent."),
        errors=[MoveNotUndoable, PreviousTimeTaken],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Restore the time that the visit had before its last move, until `undo_until`.

        No message is sent about the move or the undo. If the time was taken meanwhile, nothing is changed.
        Repeating it has no further effect.
        """
        data, user = validate(UndoMoveInput, request.data), signed_in_user(request)
        booking = find_booking(booking_id=booking_id, by=user)
        undone = undo_move(booking=booking, version=data["version"], by=user, now=now())
        return Response(MovableVisitOutput(undone).data)


class WhyNotView(APIView):
    """What is in the way of a visit at a time."""

    permission_classes = (IsStaff,)

    @operation(
        summary="See why a time is not offered",
        parameters=[WhyNotFilters],
        responses=WhyNotOutput,
        errors=[NotFound],
    )
    def get(self, request: Request) -> Response:
        """List what is in the way of a visit with a doctor at any time, and the visits that it would overlap.

        With `moving`, that visit does not count. Staff can confirm some of it: see `confirm`.
        """
        filters, user = validate(WhyNotFilters, query_params(request)), signed_in_user(request)
        moving = find_booking(booking_id=filters["moving"], by=user) if "moving" in filters else None
        place = _place(filters.get("place"))
        starts_at, ends_at = _requested_times(filters, place or (moving.place if moving else None))
        checked = check_time(
            VisitRequest(
                doctor=find_doctor(filters["doctor"]),
                starts_at=starts_at,
                ends_at=ends_at,
                visit_type=moving.visit_type if moving else get_visit_type(filters.get("visit_type")),
                place=place,
                moving=moving,
            ),
            now=now(),
        )
        named = visible_bookings(user).filter(pk__in=[visit.pk for visit in checked.overlaps])
        record_patients_listed_hourly(patients=[visit.patient for visit in named], by=user, now=now())
        context = {"named": {visit.pk for visit in named}}
        return Response(WhyNotOutput(checked, context=context).data)


def _move_request(data: dict[str, Any], booking: Booking) -> MoveRequest:
    """The requested time.

    :raises NotFound: the doctor does not exist
    :raises InvalidInput: the place does not exist, or the clock change skips the local time
    """
    place = _place(data.get("place"))
    at_own_address = "place" in data and place is None
    starts_at, ends_at = _requested_times(data, None if at_own_address else place or booking.place)
    return MoveRequest(
        starts_at=starts_at,
        ends_at=ends_at,
        doctor=find_doctor(data["doctor"]) if "doctor" in data else None,
        place=place,
        at_own_address=at_own_address,
        overbook=data["overbook"],
        outside_hours=data["outside_hours"],
    )


def _requested_times(data: dict[str, Any], place: Place | None) -> tuple[datetime, datetime | None]:
    """The start (UTC), and the end if a length is requested.

    :param place: in whose time zone a local time is meant; None: the clinic's
    :raises InvalidInput: the clock change skips the local time
    """
    starts_at = data["starts_at"]
    if starts_at.tzinfo is None:
        zone = place.zone if place else current_clinic().zone
        instants = instants_at(starts_at.date(), starts_at.hour * 60 + starts_at.minute, zone)
        if not instants:
            raise InvalidInput(errors={"starts_at": [skipped_time_reason(starts_at).message]})
        starts_at = instants[min(data["clock_pass"], len(instants)) - 1]
    minutes = data.get("minutes")
    return starts_at, minutes and starts_at + timedelta(minutes=minutes)


def _place(place_id: uuid.UUID | None) -> Place | None:
    if place_id is None:
        return None
    place: Place | None = Place.objects.filter(pk=place_id, is_active=True).first()
    if place is None:
        words = _("This place does not exist or is not in use. Choose another one.")
        raise InvalidInput(errors={"place": [words]})
    return place
