"""`appointments/available/filters/`: the values of the search filters."""

from typing import Any

from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.availability.search_options import search_options
from scheduling.calendar.local_times import clinic_day
from tenants.base.clock import now
from tenants.base.operations import operation
from tenants.current import current_clinic


class PlaceOption(serializers.Serializer[Any]):
    """A place to filter by."""

    id = serializers.CharField(help_text="An id, or `main` for the clinic's own address.")
    name = serializers.CharField()


class SearchOptionsOutput(serializers.Serializer[Any]):
    """The values with which a search can find a doctor."""

    languages = serializers.ListField(
        child=serializers.CharField(), help_text="The languages that doctors speak, as BCP 47 tags."
    )
    sexes = serializers.ListField(
        child=serializers.CharField(), help_text="The sexes that doctors state: `female`, `male`."
    )
    places = PlaceOption(many=True, help_text="Empty if all doctors work at one place.")


def search_options_data() -> dict[str, Any]:
    """Return the values of the search filters, serialised."""
    options = search_options(main_name=current_clinic().name, today=clinic_day(now()))
    return dict(SearchOptionsOutput(options).data)


class SearchOptionsView(APIView):
    """List the values of the search filters."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True

    @operation(summary="List the values of search filters", responses=SearchOptionsOutput)
    def get(self, request: Request) -> Response:
        """The values of `language`, `sex` and `place` with which doctors and times can be found.

        Specialties and visit types are in `clinic/`.
        """
        return Response(search_options_data())
