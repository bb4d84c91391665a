"""`clinic/home/`, `clinic/legal/` and the clinic's pictures: what visitors read, without signing in."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.branding import PictureOutput
from clinics.api.serializers import PhotoField, SpecialtyOutput
from clinics.home_page_data import home_page_data
from clinics.home_selectors import LEGAL_TITLES, TEAM_LIMIT, legal_page
from clinics.models import Doctor
from clinics.picture_files import read_size
from tenants.base.errors import NotFound
from tenants.base.operations import operation

_FOREVER = "public, max-age=31536000, immutable"


class IntervalOutput(serializers.Serializer[Any]):
    """A period in which the clinic is open."""

    opens = serializers.TimeField(format="%H:%M")
    closes = serializers.TimeField(format="%H:%M", help_text="00:00 is midnight.")


class OpenDayOutput(serializers.Serializer[Any]):
    """The opening hours of a weekday, in the clinic's time zone."""

    weekday = serializers.IntegerField(help_text="0 is Monday.")
    name = serializers.CharField(help_text="The weekday, in the clinic's language.")
    text = serializers.CharField(
        help_text="The hours as people read them: `9:00 am to 6:00 pm`, or `Closed`."
    )
    intervals = IntervalOutput(many=True)


class SiteOutput(serializers.Serializer[Any]):
    """An address of the clinic: first its own, then the other places."""

    name = serializers.CharField()
    address = serializers.CharField()
    phone = serializers.CharField()
    directions = serializers.CharField(help_text="How to get there. Empty if the clinic wrote nothing.")
    map_url = serializers.CharField(help_text="The address on a map of OpenStreetMap.")
    route_url = serializers.CharField(help_text="The route to the address: opens the device's map app.")


class HomePictureOutput(PictureOutput):
    """The picture of the clinic."""

    alt = serializers.CharField(help_text="A description; empty if the picture is only decoration.")


class TeamMemberOutput(serializers.ModelSerializer[Doctor]):
    """A doctor on the home page."""

    specialties = SpecialtyOutput(many=True)
    photo = PhotoField()

    class Meta:
        model = Doctor
        fields = ["id", "display_name", "name", "qualification", "specialties", "photo"]
        read_only_fields = fields


class OfferedVisitOutput(serializers.Serializer[Any]):
    """A visit type that patients can book."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    facts = serializers.CharField(help_text="Length, mode and price as people read them.")


class HomePageOutput(serializers.Serializer[Any]):
    """What the clinic's home page shows besides the data of `clinic/`."""

    heading = serializers.CharField()
    welcome_html = serializers.CharField(help_text="The welcome text as safe HTML; empty if there is none.")
    urgent_html = serializers.CharField(help_text="What to do in an emergency, as safe HTML; may be empty.")
    hours = OpenDayOutput(many=True, help_text="Seven days from Monday, or none if the clinic states none.")
    hours_note = serializers.CharField()
    sites = SiteOutput(many=True)
    picture = HomePictureOutput(allow_null=True)
    offers = OfferedVisitOutput(many=True, help_text="The visit types that patients can book.")
    specialties = SpecialtyOutput(many=True, help_text="Those that have a doctor whom patients can book.")
    team = TeamMemberOutput(many=True, help_text=f"At most {TEAM_LIMIT} doctors; none if it is not shown.")
    team_size = serializers.IntegerField(help_text="How many doctors patients can book.")


class LegalPageOutput(serializers.Serializer[Any]):
    """A legal page."""

    kind = serializers.CharField()
    title = serializers.CharField()
    html = serializers.CharField(help_text="The text as safe HTML. Its headings begin with `h2`.")
    changed_on = serializers.DateField(
        allow_null=True, help_text="When the clinic changed its text; null for the standard text."
    )


class HomePageView(APIView):
    """The home page of the clinic that this host belongs to."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True

    @operation(summary="Get the home page", responses=HomePageOutput)
    def get(self, request: Request) -> Response:
        """Welcome text, picture, opening hours, addresses, specialties and team of the clinic."""
        return Response(home_page_data())


class LegalPageView(APIView):
    """A legal page of the clinic."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True

    @operation(
        summary="Get a legal page",
        parameters=[OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(LEGAL_TITLES))],
        responses=LegalPageOutput,
        errors=[NotFound],
    )
    def get(self, request: Request, kind: str) -> Response:
        """The privacy notice, the accessibility statement or the terms of use, in the clinic's language.

        A clinic that has not written its own text shows a standard text with its name and contact details.
        """
        return Response(LegalPageOutput(legal_page(kind)).data)


class PictureView(APIView):
    """A size of a picture of the clinic, for everybody."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True

    @operation(
        summary="Get a picture of the clinic",
        parameters=[OpenApiParameter("name", str, OpenApiParameter.PATH, description="As in `srcset`.")],
        responses={(200, "image/webp"): OpenApiTypes.BINARY},
        errors=[NotFound],
    )
    def get(self, request: Request, name: str) -> HttpResponse:
        """A size of the logo, the icon or the picture. A new picture has new URLs, so cache it for good."""
        file, content_type = read_size(name)
        return HttpResponse(file, content_type=content_type, headers={"Cache-Control": _FOREVER})
