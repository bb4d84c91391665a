"""`appointments/bookings/`, `my-bookings/`: booking, looking at it, cancelling it."""

import uuid
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
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
from scheduling.errors import SlotTaken
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
from tenants.base.errors import InvalidInput
from tenants.base.requests import query_of, read


class BookingsView(APIView):
    """Booking a slot."""

    permission_classes = (IsPatientOrAtTheDesk,)

    @extend_schema(parameters=[KEY], request=BookingInput, responses={201: BookingOutput})
    def post(self, request: Request) -> Response:
        """Book. Of all who try for a slot one gets 201, the others 409 with the nearest open ones."""
        given, user = read(BookingInput, request.data), user_of(request)
        for_oneself = user.role == User.Role.PATIENT and given.get("patient") is None
        # Not within `book`: where a key came with the request, a refusal takes back what was written there.
        named = None if for_oneself else patient_for(user, given.get("patient"))
        visit_type, slot_id = cache(partial(visit_type_for, user, given["visit_type"])), given.get("slot")
        wanted = None
        if slot_id and user.role == User.Role.PATIENT:
            wanted = Wanted(slot_id, given["visit_type"], visit_type)

        def book(turn: Turn | None) -> dict[str, Any]:
            patient = named or patient_of(user)
            booked = book_as_asked(given, visit_type=visit_type, patient=patient, by=user, turn=turn)
            return dict(BookingOutput(booked).data)

        # Around what is written of a key too: before that is committed, the next would only try in vain.
        with in_turn(wanted) as turn:
            if turn:
                try:
                    turn.begin(now=now())
                except SlotTaken:
                    # By oneself, it may be: then this is a repeat.
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
    """Book the slot, the time that is held, or the doctor who has least to do then.

    :param turn: as of `book_slot`
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
    """What the visit is for: what is said, else for a patient what is usual there.

    :raises InvalidInput: there is no such visit type, or none is usual
    """
    if visit_type_id is None and user.role == User.Role.PATIENT:
        return usual_visit()
    return visit_type_meant(visit_type_id)


def patient_for(user: User, patient_id: uuid.UUID | None) -> Patient:
    """For whom `user` books: patients for themselves or whom they care for, at the desk for whom they name.

    :raises InvalidInput: who is at the desk names none; or the one named is not there, or not theirs
    """
    if user.role == User.Role.PATIENT and patient_id is None:
        return patient_of(user)
    patients = Patient.objects.known() if user.is_at_the_desk else Patient.objects.of_user(user)
    patient: Patient | None = patients.filter(pk=patient_id).first() if patient_id else None
    if patient is None:
        if patient_id:
            patient_refused(patient_id=patient_id, by=user)
        raise InvalidInput(errors={"patient": [_("Say for which patient.")]})
    return patient


class BookingView(APIView):
    """One booking."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(responses=BookingOutput)
    def get(self, request: Request, booking_id: uuid.UUID) -> Response:
        """A booking of one's own."""
        return Response(BookingOutput(open_booking(booking_id=booking_id, by=user_of(request))).data)


class MyBookingsView(ListAPIView[Booking]):
    """One's own bookings, and those of whom one cares for; `patient` says whose each is."""

    permission_classes = (IsPatient,)
    serializer_class = BookingOutput

    def get_queryset(self) -> QuerySet[Booking]:
        """The patient's own, and those of whom they care for."""
        wanted = read(MyBookingsFilters, query_of(self.request))
        own = bookings_of(user_of(self.request), when=wanted.get("when"), now=now())
        return own.filter(status=wanted["status"]) if "status" in wanted else own

    @extend_schema(parameters=[MyBookingsFilters])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Upcoming ones soonest first, others latest first."""
        return super().get(request, *args, **kwargs)
