"""`appointments/available/` with `moving`: the times to which a booking can be moved.

`appointments/available/nearest/` has those nearest to a time that is taken.
"""

from datetime import date
from typing import Any

from django.http import HttpResponseBase
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.selectors import clinic_settings
from scheduling.availability.api.days import DaysWithTimesOutput, DayWithTimesOutput, cached_open_days
from scheduling.availability.api.filters import TimeFilters
from scheduling.availability.api.open_slots import (
    Answer,
    AvailableView,
    ParsedQuery,
    packed_answer,
    slot_query,
)
from scheduling.availability.api.outputs import OpenSlotOutput
from scheduling.availability.nearest import WantedTime, nearest_to
from scheduling.availability.open_slots import open_days, open_slots
from scheduling.bookings.access import find_booking
from scheduling.bookings.reschedule import check_movable
from scheduling.calendar.api_fields import CalendarDate
from scheduling.calendar.local_times import clinic_day
from scheduling.errors import BookingNotChangeable, RescheduledTooLate
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate


class AuthenticatedForMoves(APIView):
    """A view whose answer is the same for everybody, except with `moving`: the times to move a booking to."""

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Authenticate only requests for a move. The answers to all others are the same for everybody."""
        if self.request is not None and "moving" in self.request.GET:
            return [authenticator() for authenticator in APIView.authentication_classes]
        return super().get_authenticators()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep browsers and proxies from storing the times for a move."""
        finalised: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        if "moving" in request.GET:
            finalised["Cache-Control"] = "private, no-store"
        return finalised


def _booking_to_move(request: Request, booking_id: Any) -> Booking:
    """The booking with this id, if the user may move it.

    :raises NotFound: the booking does not exist, or the user may not see it
    :raises BookingNotChangeable: it has started, is cancelled or is completed
    :raises RescheduledTooLate: less than the clinic's rescheduling notice is left for a patient
    """
    if not isinstance(request.user, User):
        raise NotFound
    booking = find_booking(booking_id=booking_id, by=request.user)
    check_movable(booking, by=request.user, rules=clinic_settings(), now=now())
    return booking


def _is_staff(request: Request) -> bool:
    return isinstance(request.user, User) and request.user.role != User.Role.PATIENT


class AvailableOrMovableView(AuthenticatedForMoves, AvailableView):
    """Find open slots, in general or for a booking that is being moved."""

    def answer(self, request: Request, query: ParsedQuery, *, today: date) -> Answer:
        """As for everybody. The times for a move are neither read from the cache nor stored there.

        :raises NotFound: the booking does not exist, or the user may not see it
        :raises BookingNotChangeable: it has started, is cancelled or is completed
        :raises RescheduledTooLate: less than the clinic's rescheduling notice is left for a patient
        """
        if "moving" not in query.filters:
            return super().answer(request, query, today=today)
        booking = _booking_to_move(request, query.filters["moving"])
        found = open_slots(
            slot_query(query.filters, page=query.page, today=today),
            moving=booking,
            by_staff=_is_staff(request),
            now=now(),
        )
        return packed_answer(found)


class OpenDaysView(AuthenticatedForMoves):
    """Find the days with open slots."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True

    @operation(
        summary="Find the days with open slots",
        parameters=[TimeFilters],
        responses=DaysWithTimesOutput,
        errors=[NotFound, BookingNotChangeable, RescheduledTooLate],
    )
    def get(self, request: Request) -> Response:
        """The days on which `available/` with the same parameters lists slots, and how many.

        For calendars. With `any_doctor` a time counts once for each place.
        """
        filters = validate(TimeFilters, query_params(request))
        if "moving" not in filters:
            return Response({"days": cached_open_days(filters, now=now())})
        moving = _booking_to_move(request, filters["moving"])
        query = slot_query(filters, page=1, today=clinic_day(now()))
        found = open_days(query, moving=moving, by_staff=_is_staff(request), now=now())
        return Response({"days": DayWithTimesOutput(found, many=True).data})


class NearestFilters(serializers.Serializer[Any]):
    """Query parameters of the search for the nearest times."""

    slot = serializers.UUIDField(help_text="The slot that cannot be booked (an id).")
    doctor = serializers.UUIDField(help_text="Its doctor (an id), in case the slot no longer exists.")
    date = CalendarDate(help_text="Its day, in case the slot no longer exists.")
    visit_type = serializers.UUIDField(
        required=False, help_text="Only times at which a visit of this type fits (an id)."
    )
    moving = serializers.UUIDField(
        required=False,
        help_text="The booking (an id) that is to be moved, as in `available/`. Only for those who may move "
        "it.",
    )


class NearestOutput(serializers.Serializer[Any]):
    """The nearest times."""

    alternatives = OpenSlotOutput(many=True)


class NearestTimesView(AuthenticatedForMoves):
    """Find the open slots nearest to a slot."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True

    @operation(
        summary="Find the times nearest to a slot",
        parameters=[NearestFilters],
        responses=NearestOutput,
        errors=[NotFound, BookingNotChangeable, RescheduledTooLate],
    )
    def get(self, request: Request) -> Response:
        """The three open slots nearest to a slot that is taken, before or after it, soonest first.

        They are the doctor's or, if there are none, those of doctors of the same specialty: the same slots as
        in the refusal `slot_taken`.
        """
        wanted = validate(NearestFilters, query_params(request))
        moving = _booking_to_move(request, wanted["moving"]) if "moving" in wanted else None
        found = nearest_to(
            WantedTime(wanted["slot"], wanted["doctor"], wanted["date"], wanted.get("visit_type")),
            moving=moving,
            by_staff=_is_staff(request),
            now=now(),
        )
        return Response({"alternatives": found})
