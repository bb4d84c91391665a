"""`appointments/available/` with `moving`: the times to which a booking can be moved."""

from datetime import date
from typing import Any

from django.http import HttpResponseBase
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from clinics.selectors import clinic_settings
from scheduling.availability.api.open_slots import (
    Answer,
    AvailableView,
    ParsedQuery,
    packed_answer,
    slot_query,
)
from scheduling.availability.open_slots import open_slots
from scheduling.bookings.access import find_booking
from scheduling.bookings.reschedule import check_movable
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.base.errors import NotFound


class AvailableOrMovableView(AvailableView):
    """Find open slots, in general or for a booking that is being moved."""

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Authenticate only requests for a move. The answers to all others are the same for everybody."""
        if self.request is not None and "moving" in self.request.GET:
            return [authenticator() for authenticator in APIView.authentication_classes]
        return super().get_authenticators()

    def answer(self, request: Request, query: ParsedQuery, *, today: date) -> Answer:
        """As for everybody. The times for a move are neither read from the cache nor stored there.

        :raises NotFound: the booking does not exist, or the user may not see it
        :raises BookingNotChangeable: it has started, is cancelled or is completed
        :raises RescheduledTooLate: less than the clinic's rescheduling notice is left for a patient
        """
        if "moving" not in query.filters:
            return super().answer(request, query, today=today)
        user, moment = request.user, now()
        if not isinstance(user, User):
            raise NotFound
        booking = find_booking(booking_id=query.filters["moving"], by=user)
        check_movable(booking, by=user, rules=clinic_settings(), now=moment)
        found = open_slots(
            slot_query(query.filters, page=query.page, today=today),
            moving=booking,
            by_staff=user.role != User.Role.PATIENT,
            now=moment,
        )
        return packed_answer(found)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep browsers and proxies from storing the times for a move."""
        finalised: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        if "moving" in request.GET:
            finalised["Cache-Control"] = "private, no-store"
        return finalised
