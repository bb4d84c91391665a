"""`appointments/bookings/` and `my-bookings/`: book a slot, and read bookings."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.bookings.access import open_booking
from scheduling.bookings.api.idempotency import IDEMPOTENCY_KEY, idempotency_key
from scheduling.bookings.api.inputs import BookingInput, MyBookingsFilters
from scheduling.bookings.api.outputs import BookingOutput
from scheduling.bookings.contention import slot_lock
from scheduling.bookings.create import create_booking, named_patient
from scheduling.bookings.idempotency import run_idempotently
from scheduling.bookings.refusals import is_refused_by_cache
from scheduling.bookings.selectors import own_bookings
from scheduling.errors import BOOKING_ERRORS, HoldExpired, IdempotencyKeyReused, TimeOffered, TimeWithdrawn
from scheduling.models import Booking
from scheduling.outside_calendars.before_booking import read_before_booking
from tenants.accounts.models import User
from tenants.accounts.permissions import (
    IsDoctor,
    IsFrontDesk,
    IsPatient,
    IsPatientOrFrontDesk,
    IsSelf,
    signed_in_user,
)
from tenants.base.clock import now
from tenants.base.errors import NotFound, Text
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate


def booked_message(data: dict[str, Any]) -> Text:
    """The message of a new booking."""
    if data["status"] == Booking.Status.PENDING:
        return _("Booking request sent. The clinic has to confirm it.")
    return _("Booking confirmed.")


def book_as_requested(request: Any, data: dict[str, Any], *, by: User, key: str) -> dict[str, Any]:
    """Book what `data` asks for, at most once per key, and return the booking as the API describes it.

    :param data: a validated `BookingInput`
    :raises DomainError: it cannot be booked; as `create_booking`
    """
    patient = named_patient(by, data.get("patient"))

    def book() -> dict[str, Any]:
        booking = create_booking(data, patient=patient, by=by, now=now())
        return dict(BookingOutput(booking, context={"request": request}).data)

    if "slot" not in data or not is_refused_by_cache(data["slot"], data["visit_type"], now=now()):
        read_before_booking(
            slots=[data.get("slot")], hold=data.get("hold"), starts_at=data.get("starts_at"), now=now()
        )
    with slot_lock(data.get("slot")):
        answer: dict[str, Any] = run_idempotently(book, user=by, key=key, request=data, now=now())
    return answer


class BookingsView(APIView):
    """Book a slot."""

    permission_classes = (IsPatientOrFrontDesk,)

    @operation(
        summary="Book an appointment",
        parameters=[IDEMPOTENCY_KEY],
        request=BookingInput,
        responses={201: BookingOutput},
        success=booked_message,
        errors=[*BOOKING_ERRORS, HoldExpired, TimeOffered, TimeWithdrawn, IdempotencyKeyReused, NotFound],
    )
    def post(self, request: Request) -> Response:
        """Book a slot, a hold, or a time with any doctor.

        Exactly one of these is required:

        - `slot`: book this slot.
        - `hold`: turn this hold of the patient into a booking. Slot and visit type are those of the hold.
        - `starts_at`: book this time with the available doctor who has the least booked time that day. Add
          `specialty` or `visit_type` to choose among fewer doctors.

        Staff also have to send `patient`. If several requests compete for a slot, one gets 201 and the others
        409 `slot_taken` with the nearest open slots in `data.alternatives`. For staff, 409 `time_offered`
        means that the time is offered to the waiting list: send `withdraw_offer` or `overbook` to book it
        anyway. A hold whose time the clinic closed is refused with 409 `time_withdrawn` and alternatives.
        """
        data = validate(BookingInput, request.data)
        answer = book_as_requested(request, data, by=signed_in_user(request), key=idempotency_key(request))
        return Response(answer, status=status.HTTP_201_CREATED)


class BookingView(APIView):
    """One booking."""

    permission_classes = (IsSelf | IsDoctor | IsFrontDesk,)

    @operation(summary="Get a booking", responses=BookingOutput)
    def get(self, request: Request, booking_id: uuid.UUID) -> Response:
        """A booking, for its patient and their carers, its doctor, admins and receptionists."""
        booking = open_booking(booking_id=booking_id, by=signed_in_user(request))
        return Response(BookingOutput(booking, context={"request": request}).data)


class MyBookingsView(ListAPIView[Booking]):
    """The bookings of the signed-in patient and their dependants."""

    permission_classes = (IsPatient,)
    serializer_class = BookingOutput

    def get_queryset(self) -> QuerySet[Booking]:
        """The bookings of the patient and their dependants."""
        filters = validate(MyBookingsFilters, query_params(self.request))
        bookings = own_bookings(signed_in_user(self.request), when=filters.get("when"), now=now())
        return bookings.filter(status=filters["status"]) if "status" in filters else bookings

    @operation(summary="List your bookings", parameters=[MyBookingsFilters])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The bookings of the signed-in patient and their dependants.

        `patient` says whose each booking is. Upcoming bookings are listed soonest first, others latest first.
        """
        return super().get(request, *args, **kwargs)
