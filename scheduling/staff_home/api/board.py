"""`portal/board/`: the visits of a day, for the front desk and for doctors."""

import uuid
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.calendar.api_fields import CalendarDate
from scheduling.calendar.etags import unchanged_response
from scheduling.calendar.local_times import clinic_day
from scheduling.patients.access_log import record_patients_listed_hourly
from scheduling.staff_home.api.fields import IdList
from scheduling.staff_home.api.outputs import BoardOutput, board_row
from scheduling.staff_home.selectors import (
    BoardFilter,
    board_version,
    board_visits,
    doctors_of_day,
    places_in_use,
)
from tenants.accounts.permissions import IsStaff, signed_in_user
from tenants.base.clock import now
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate


class BoardFilters(serializers.Serializer[Any]):
    """Query parameters of the board."""

    date = CalendarDate(required=False, help_text="The day, in the clinic's calendar. Today by default.")
    doctors = IdList(
        required=False,
        help_text="Only these doctors: ids separated by commas.",
        error_messages={
            "invalid": _("Send the ids of doctors, separated by commas."),
            "too_many": _("Choose at most 50 doctors."),
        },
    )
    place = serializers.RegexField(
        r"\A(main|[0-9a-fA-F-]{36})\Z",
        required=False,
        help_text="Only visits at this place: its id, or `main` for the clinic's own address.",
    )

    def validate_place(self, value: str) -> str:
        """Check the id."""
        if value != "main":
            try:
                uuid.UUID(value)
            except ValueError as error:
                raise serializers.ValidationError(_("Send the id of a place, or main.")) from error
        return value


class BoardView(APIView):
    """The visits of a day."""

    permission_classes = (IsStaff,)

    @operation(summary="List the visits of a day", parameters=[BoardFilters], responses=BoardOutput)
    def get(self, request: Request) -> HttpResponseBase:
        """The visits of a day by time, with their status, and since when patients have been waiting.

        Doctors see their own visits, admins and receptionists all. Holds are left out. Send the ETag as
        `If-None-Match` to get a 304 without a body if nothing has changed, for example every five seconds.
        """
        filters, user, moment = validate(BoardFilters, query_params(request)), signed_in_user(request), now()
        place = filters.get("place")
        chosen = BoardFilter(
            day=filters.get("date") or clinic_day(moment),
            doctors=filters.get("doctors", ()),
            place=uuid.UUID(place) if place and place != "main" else None,
            main_address=place == "main",
        )
        # Read before the rows: if they change in between, the next request gets them.
        etag = f'"{board_version(user, chosen, language=get_language() or "")}"'
        unchanged = unchanged_response(request, etag=etag)
        if unchanged is not None:
            return unchanged
        visits = list(board_visits(user, chosen))
        record_patients_listed_hourly(patients=[visit.patient for visit in visits], by=user, now=moment)
        body = {
            "date": chosen.day,
            "read_at": moment,
            "doctors": doctors_of_day(user, chosen.day),
            "places": list(places_in_use().values("id", "name")),
            "visits": [board_row(visit) for visit in visits],
        }
        return Response(body, headers={"ETag": etag})
