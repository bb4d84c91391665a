"""`appointments/bookings/` and `my-bookings/`: book a slot, and read bookings."""

import uuid
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Patient
from clinics.selectors import patient_of
from clinics.services.dependants import patient_refused
from scheduling.api.inputs import BookingInput, MyBookingsFilters
from scheduling.api.repeats import KEY, made_before, made_once
from scheduling.api.serializers import BookingOutput
from scheduling.errors import BOOKING_ERRORS, HoldExpired, IdempotencyKeyReused, SlotTaken
from scheduling.models import Booking, VisitType
from scheduling.selectors.availability import visit_type_meant
from scheduling.selectors.bookings import bookings_of
from scheduling.selectors.visits import usual_visit
from scheduling.services.assigning import book_any_doctor
from scheduling.services.booking import book_slot
from scheduling.services.holding import confirm_hold
from scheduling.services.reading import open_booking
from scheduling.services.turns import Turn, Wanted, in_turn
from tenants.accounts.models import User
from tenants.accounts.permissions import IsPatient, IsPatientOrAtTheDesk, user_of
from tenants.base.clock import now
from tenants.base.errors import InvalidInput, NotFound, Text
from tenants.base.operations import operation
from tenants.base.requests import query_of, read


def booked_message(data: dict[str, Any]) -> Text:
    """The message of a new booking."""
    if data["status"] == Booking.Status.PENDING:
        return _("Booking request sent. The clinic has to confirm it.")
    return _("Booking confirmed.")


class BookingsView(APIView):
    """Book a slot."""

    permission_classes = (IsPatientOrAtTheDesk,)

    @operation(
        summary="Book an appointment",
        parameters=[KEY],
        request=BookingInput,
        responses={201: BookingOutput},
        success=booked_message,
        errors=[*BOOKING_ERRORS, HoldExpired, IdempotencyKeyReused, NotFound],
    )
    def post(self, request: Request) -> Response:
        """Book a slot, a hold, or a time with any doctor.

        Exactly one of these is required:

        - `slot`: book this slot.
        - `hold`: turn this hold of the patient into a booking. Slot and visit type are those of the hold.
        - `starts_at`: book this time with the available doctor who has the fewest bookings that day. Add
          `specialty` or `visit_type` to choose among fewer doctors.

        Staff also have to send `patient`. If several requests compete for a slot, one gets 201 and the others
        409 `slot_taken` with the nearest open slots in `data.alternatives`.
        """
        given, user = read(BookingInput, request.data), user_of(request)
        for_oneself = user.role == User.Role.PATIENT and given.get("patient") is None
        # Not inside `book`, where the rollback after an error would also undo the entry in the access log.
        named = None if for_oneself else patient_for(user, given.get("patient"))
        visit_type, slot_id = cache(partial(visit_type_for, user, given["visit_type"])), given.get("slot")
        wanted = None
        if slot_id and user.role == User.Role.PATIENT:
            wanted = Wanted(slot_id, given["visit_type"], visit_type)

        def book(turn: Turn | None) -> dict[str, Any]:
            patient = named or patient_of(user)
            booked = book_as_asked(given, visit_type=visit_type, patient=patient, by=user, turn=turn)
            return dict(BookingOutput(booked).data)

        # Includes the write of the idempotency key: until it commits, other attempts would fail anyway.
        with in_turn(wanted) as turn:
            if turn:
                try:
                    turn.begin(now=now())
                except SlotTaken:
                    # The slot may be taken by an earlier request with the same key.
                    if before := made_before(request, given=given):
                        return before
                    raise
            return made_once(request, given=given, act=partial(book, turn))


def book_as_asked(
    given: dict[str, Any],
    *,
    visit_type: Callable[[], VisitType | None],
    patient: Patient,
    by: User,
    turn: Turn | None,
) -> Booking:
    """Book the slot, the hold, or the time with any doctor.

    :param turn: see `book_slot`
    """
    words = {
        "patient": patient,
        "by": by,
        "reason": given["reason"],
        "answers": given["answers"],
        "now": now(),
    }
    if "hold" in given:
        return confirm_hold(hold_id=given["hold"], **words)
    if "starts_at" in given:
        return book_any_doctor(
            starts_at=given["starts_at"], specialty=given.get("specialty"), visit_type=visit_type(), **words
        )
    return book_slot(
        slot_id=given["slot"],
        visit_type=visit_type(),
        overbook=given["overbook"],
        turn=turn,
        **words,
    )


def visit_type_for(user: User, visit_type_id: uuid.UUID | None) -> VisitType | None:
    """The requested visit type; for patients who name none, the clinic's default.

    :raises InvalidInput: the visit type does not exist, or there is no default
    """
    if visit_type_id is None and user.role == User.Role.PATIENT:
        return usual_visit()
    return visit_type_meant(visit_type_id)


def patient_for(user: User, patient_id: uuid.UUID | None) -> Patient:
    """The patient that `user` books for.

    Patients book for themselves or for a dependant, admins and receptionists for any patient.

    :raises InvalidInput: staff named no patient, or the patient does not exist or is not the user's dependant
    """
    if user.role == User.Role.PATIENT and patient_id is None:
        return patient_of(user)
    patients = Patient.objects.known() if user.is_at_the_desk else Patient.objects.of_user(user)
    patient: Patient | None = patients.filter(pk=patient_id).first() if patient_id else None
    if patient is None:
        if patient_id:
            patient_refused(patient_id=patient_id, by=user)
        raise InvalidInput(
            errors={"patient": [_("Choose a patient: send the id of a patient you can book for.")]}
        )
    return patient


class BookingView(APIView):
    """One booking."""

    permission_classes = (IsAuthenticated,)

    @operation(summary="Get a booking", responses=BookingOutput)
    def get(self, request: Request, booking_id: uuid.UUID) -> Response:
        """A booking, for its patient and their carers, its doctor, admins and receptionists."""
        return Response(BookingOutput(open_booking(booking_id=booking_id, by=user_of(request))).data)


class MyBookingsView(ListAPIView[Booking]):
    """The bookings of the signed-in patient and their dependants."""

    permission_classes = (IsPatient,)
    serializer_class = BookingOutput

    def get_queryset(self) -> QuerySet[Booking]:
        """The bookings of the patient and their dependants."""
        wanted = read(MyBookingsFilters, query_of(self.request))
        own = bookings_of(user_of(self.request), when=wanted.get("when"), now=now())
        return own.filter(status=wanted["status"]) if "status" in wanted else own

    @operation(summary="List your bookings", parameters=[MyBookingsFilters])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The bookings of the signed-in patient and their dependants.

        `patient` says whose each booking is. Upcoming bookings are listed soonest first, others latest first.
        """
        return super().get(request, *args, **kwargs)
