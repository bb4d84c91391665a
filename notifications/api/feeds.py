"""`appointments/feeds/`: calendar links to the user's appointments, for calendar programs."""

import uuid
from calendar import timegm
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.api.calendar_responses import IgnoreAcceptHeader
from notifications.errors import FeedLimitReached
from notifications.models import CalendarFeed
from notifications.selectors import live_feeds
from notifications.services.feeds import create_feed, read_feed, revoke_feed
from tenants.accounts.permissions import IsPatientOrDoctor, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.fields import LineField
from tenants.base.operations import operation
from tenants.base.requests import validate
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url


class FeedInput(serializers.Serializer[Any]):
    """A new calendar feed."""

    name = LineField(max_length=60, help_text="A name to recognise the feed by, such as “My phone”.")


class FeedOutput(serializers.ModelSerializer[CalendarFeed]):
    """A calendar feed, without its URL."""

    class Meta:
        model = CalendarFeed
        fields = ["id", "name", "created_at", "last_read_at"]
        read_only_fields = fields


class NewFeedOutput(FeedOutput):
    """A new calendar feed. This is the only response that has its URL."""

    url = serializers.SerializerMethodField()

    class Meta(FeedOutput.Meta):
        fields = [*FeedOutput.Meta.fields, "url"]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, _feed: CalendarFeed) -> str:
        """The URL of the feed. Anybody who knows it can read the feed."""
        return clinic_url(current_clinic(), reverse("calendar-feed", args=[self.context["token"]]))


class FeedsView(ListAPIView[CalendarFeed]):
    """The calendar feeds of the signed-in user."""

    permission_classes = (IsPatientOrDoctor,)
    serializer_class = FeedOutput

    def get_queryset(self) -> QuerySet[CalendarFeed]:
        """The user's own feeds."""
        return live_feeds(signed_in_user(self.request))

    @operation(summary="List your calendar feeds")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The calendar feeds of the signed-in user that have not been revoked."""
        return super().get(request, *args, **kwargs)

    @operation(
        summary="Create a calendar feed",
        request=FeedInput,
        responses={201: NewFeedOutput},
        success=_("Calendar link created. Copy it now: it is not shown again."),
        errors=[FeedLimitReached],
    )
    def post(self, request: Request) -> Response:
        """Create a secret URL for a calendar program. A user can have up to 10 feeds."""
        new_feed = create_feed(user=signed_in_user(request), now=now(), **validate(FeedInput, request.data))
        return Response(
            NewFeedOutput(new_feed.feed, context={"token": new_feed.token}).data,
            status=status.HTTP_201_CREATED,
            headers={"Cache-Control": "no-store"},
        )


class FeedView(APIView):
    """One calendar feed."""

    permission_classes = (IsPatientOrDoctor,)

    @operation(
        summary="Revoke a calendar feed",
        responses={200: None},
        success=_("Calendar link revoked. It no longer works."),
    )
    def delete(self, request: Request, feed_id: uuid.UUID) -> Response:
        """Revoke the feed. Its URL stops working at once and cannot be restored."""
        revoke_feed(feed_id=feed_id, by=signed_in_user(request), now=now())
        return Response(None)


class FeedContentView(APIView):
    """The content of a calendar feed."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    content_negotiation_class = IgnoreAcceptHeader

    @operation(
        summary="Read a calendar feed",
        operation_id="appointments_feeds_read",
        parameters=[
            OpenApiParameter(
                "token", str, OpenApiParameter.PATH, description="The secret token in the feed's URL."
            )
        ],
        responses={(200, "text/calendar"): OpenApiTypes.BINARY},
        errors=[NotFound],
    )
    def get(self, request: Request, token: str) -> HttpResponse:
        """The appointments from 31 days ago on, as an iCalendar file (RFC 5545).

        The URL is the only credential. Send `If-None-Match` or `If-Modified-Since` to get a 304 if nothing
        has changed (RFC 9110).
        """
        feed = read_feed(token=token, now=now())
        modified = timegm(feed.changed_at.utctimetuple()) if feed.changed_at else None
        headers = {
            "ETag": f'"{feed.digest}"',
            "Content-Disposition": 'attachment; filename="appointments.ics"',
            "Referrer-Policy": "no-referrer",
        }
        if modified is not None:
            headers["Last-Modified"] = http_date(modified)
        response = HttpResponse(feed.content, content_type="text/calendar; charset=utf-8", headers=headers)
        conditional = get_conditional_response(
            request._request, etag=headers["ETag"], last_modified=modified, response=response
        )
        return conditional or response
