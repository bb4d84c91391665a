"""`appointments/bookings/`, `my-bookings/`: booking, looking at it, cancelling it."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.api.inputs import BookingInput, MyBookingsFilters
from scheduling.api.repeats import IDEMPOTENCY_KEY, idempotency_key
from scheduling.api.serializers import BookingOutput
from scheduling.models import Booking
from scheduling.selectors.bookings import bookings_of
from scheduling.services.create import create_booking, requested_patient
from scheduling.services.idempotency import run_idempotently
from scheduling.services.reading import open_booking
from scheduling.services.turns import slot_lock
from tenants.accounts.permissions import IsPatient, IsPatientOrAtTheDesk, user_of
from tenants.base.clock import now
from tenants.base.requests import query_of, read


class BookingsView(APIView):
    """Booking a slot."""

    permission_classes = (IsPatientOrAtTheDesk,)

    @extend_schema(parameters=[IDEMPOTENCY_KEY], request=BookingInput, responses={201: BookingOutput})
    def post(self, request: Request) -> Response:
        """Book a slot. Of concurrent requests for one slot one gets 201, the others 409 with alternatives."""
        data, user = read(BookingInput, request.data), user_of(request)
        patient = requested_patient(user, data.get("patient"))

        def book() -> dict[str, Any]:
            return dict(BookingOutput(create_booking(data, patient=patient, by=user, now=now())).data)

        with slot_lock(data.get("slot")):
            answer = run_idempotently(book, user=user, key=idempotency_key(request), request=data, now=now())
        return Response(answer, status=status.HTTP_201_CREATED)


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
