"""`appointments/series/`: recurring visits, booked in one request."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Doctor
from scheduling.bookings.api.idempotency import IDEMPOTENCY_KEY, idempotency_key
from scheduling.bookings.api.inputs import refuse_private_reason
from scheduling.bookings.create import requested_patient, requested_visit_type
from scheduling.bookings.idempotency import run_idempotently
from scheduling.clock.recurrence import Unit
from scheduling.errors import IdempotencyKeyReused, SeriesNotBooked
from scheduling.models import Booking
from scheduling.outside_calendars.before_booking import read_before_booking
from scheduling.recurring_visits.access import find_series, open_series
from scheduling.recurring_visits.api.serializers import (
    SeriesBookedOutput,
    SeriesCancelInput,
    SeriesInput,
    SeriesOutput,
    VisitOutput,
)
from scheduling.recurring_visits.services import (
    VisitResult,
    book_series,
    cancel_series,
    preview_cancellation,
    visit_date,
)
from tenants.accounts.models import User
from tenants.accounts.permissions import IsDoctor, IsFrontDesk, IsPatientOrFrontDesk, IsSelf, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import InvalidInput
from tenants.base.operations import operation
from tenants.base.requests import validate


def book_series_as_requested(request: Any, data: dict[str, Any], *, by: User, key: str) -> dict[str, Any]:
    """Book the visits that `data` asks for, at most once per key, and return them as the API describes them.

    :param data: a validated `SeriesInput`
    :raises DomainError: no visit can be booked; as `book_series`
    """
    patient = requested_patient(by, data.get("patient"))

    def book() -> dict[str, Any]:
        booked = book_series(
            patient=patient,
            by=by,
            doctor=_bookable_doctor(data["doctor"]),
            first=data["first_on"],
            clock=data["clock"],
            unit=Unit(data["unit"]),
            every=data["every"],
            count=data["count"],
            visit_type=requested_visit_type(by, data["visit_type"]),
            reason=data["reason"],
            answers=data["answers"],
            now=now(),
        )
        report = {
            "id": booked.series.pk,
            # Closing the account finds the stored response by the patient's id.
            "patient": {"id": str(patient.pk)},
            "instances": booked.visits,
        }
        return dict(SeriesBookedOutput(report, context={"request": request}).data)

    read_before_booking(doctors=[data["doctor"]], now=now())
    answer: dict[str, Any] = run_idempotently(book, user=by, key=key, request=data, now=now())
    return answer


class SeriesListView(APIView):
    """Book a series."""

    permission_classes = (IsPatientOrFrontDesk,)

    @operation(
        summary="Book recurring visits",
        parameters=[IDEMPOTENCY_KEY],
        request=SeriesInput,
        responses={201: SeriesBookedOutput},
        success=_("Recurring visits booked. Check each visit: some may not have been available."),
        errors=[SeriesNotBooked, IdempotencyKeyReused],
    )
    def post(self, request: Request) -> Response:
        """Book every visit of the series that can be booked.

        `instances` has one entry per visit, with the booking, or with the reason and the nearest open slots.
        If no visit can be booked, the response is 422 with the same entries in `data`.
        """
        data, user = validate(SeriesInput, request.data), signed_in_user(request)
        answer = book_series_as_requested(request, data, by=user, key=idempotency_key(request))
        return Response(answer, status=status.HTTP_201_CREATED)

    def show_refusal_data(self, data: dict[str, Any] | None) -> dict[str, Any] | None:
        """Serialise the report in the data of `SeriesNotBooked`."""
        return data and {
            "instances": VisitOutput(data["instances"], many=True, context={"request": self.request}).data
        }


class SeriesView(APIView):
    """One series."""

    permission_classes = (IsSelf | IsDoctor | IsFrontDesk,)

    @operation(summary="Get recurring visits", responses=SeriesOutput)
    def get(self, request: Request, series_id: uuid.UUID) -> Response:
        """The booked visits of the series that the user may see, soonest first."""
        bookings = open_series(series_id=series_id, by=signed_in_user(request))
        visits = [
            VisitResult(number, visit_date(booking), booking)
            for number, booking in enumerate(bookings, start=1)
        ]
        series = {"id": series_id, "instances": visits}
        return Response(SeriesOutput(series, context={"request": request}).data)


class CancelSeriesView(APIView):
    """Cancel the upcoming visits of a series."""

    permission_classes = (IsSelf | IsDoctor | IsFrontDesk,)

    @operation(
        summary="Cancel recurring visits",
        request=SeriesCancelInput,
        responses=SeriesOutput,
        success=_("Upcoming visits cancelled. Check each visit: some may be too late to cancel."),
    )
    def post(self, request: Request, series_id: uuid.UUID) -> Response:
        """Cancel every upcoming visit that can be cancelled, or those from `from_booking` on.

        The others stay, with the reason in `code`.
        """
        data, user = validate(SeriesCancelInput, request.data), signed_in_user(request)
        refuse_private_reason(data, by=user)
        bookings = find_series(series_id=series_id, by=user)
        since = _visit_of(bookings, data["from_booking"])
        reasons = {name: data[name] for name in ("reason", "private_reason")}
        visits = cancel_series(bookings=bookings, by=user, since=since, **reasons, now=now())
        series = {"id": series_id, "instances": visits}
        return Response(SeriesOutput(series, context={"request": request}).data)


class CancelSeriesPreviewView(APIView):
    """Preview the cancellation of a series."""

    permission_classes = (IsSelf | IsDoctor | IsFrontDesk,)

    @operation(
        summary="Preview the cancellation of recurring visits",
        request=SeriesCancelInput,
        responses=SeriesOutput,
        success=_("This is a preview. Nothing has been changed."),
    )
    def post(self, request: Request, series_id: uuid.UUID) -> Response:
        """The visits that `cancel/` would cancel with the same body. Nothing is changed.

        A visit with a `code` would stay booked.
        """
        data, user = validate(SeriesCancelInput, request.data), signed_in_user(request)
        bookings = open_series(series_id=series_id, by=user)
        since = _visit_of(bookings, data["from_booking"])
        visits = preview_cancellation(bookings=bookings, by=user, since=since, now=now())
        series = {"id": series_id, "instances": visits}
        return Response(SeriesOutput(series, context={"request": request}).data)


def _visit_of(bookings: QuerySet[Booking], booking_id: uuid.UUID | None) -> Booking | None:
    """The booking of the series with this id; None without an id.

    :raises InvalidInput: the series has no such booking
    """
    if booking_id is None:
        return None
    booking = bookings.filter(pk=booking_id).first()
    if booking is None:
        raise InvalidInput(
            errors={"from_booking": [_("This booking is not one of these recurring visits. Choose another.")]}
        )
    return booking


def _bookable_doctor(doctor_id: uuid.UUID) -> Doctor:
    """The doctor with this id.

    :raises InvalidInput: no bookable doctor has this id
    """
    doctor: Doctor | None = Doctor.objects.bookable().filter(pk=doctor_id).first()
    if doctor is None:
        raise InvalidInput(
            errors={"doctor": [_("There is no bookable doctor with this id. Choose another doctor.")]}
        )
    return doctor
