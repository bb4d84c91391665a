"""`appointments/feeds/`: one's appointments, for a calendar program to subscribe to."""

import uuid
from calendar import timegm
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.api.negotiation import WhateverIsAccepted
from notifications.models import CalendarFeed
from notifications.selectors import live_feeds
from notifications.services.feeds import make_feed, read_feed, revoke_feed
from tenants.accounts.permissions import IsPatientOrDoctor, user_of
from tenants.base.clock import now
from tenants.base.fields import Line
from tenants.base.requests import read
from tenants.door import current_clinic
from tenants.links import clinic_url


class FeedInput(serializers.Serializer[Any]):
    """A new feed."""

    name = Line(max_length=60, help_text="What you call it, such as the device that will read it.")


class FeedOutput(serializers.ModelSerializer[CalendarFeed]):
    """A feed, without its address."""

    class Meta:
        model = CalendarFeed
        fields = ["id", "name", "created_at", "last_read_at"]
        read_only_fields = fields


class NewFeedOutput(FeedOutput):
    """A feed that was just made. Its address is told here and never again."""

    url = serializers.SerializerMethodField()

    class Meta(FeedOutput.Meta):
        fields = [*FeedOutput.Meta.fields, "url"]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, _feed: CalendarFeed) -> str:
        """The address. Whoever knows it reads the feed."""
        return clinic_url(current_clinic(), reverse("calendar-feed", args=[self.context["token"]]))


class FeedsView(ListAPIView[CalendarFeed]):
    """One's own feeds."""

    permission_classes = (IsPatientOrDoctor,)
    serializer_class = FeedOutput

    def get_queryset(self) -> QuerySet[CalendarFeed]:
        """Nobody sees another's."""
        return live_feeds(user_of(self.request))

    @extend_schema(request=FeedInput, responses={201: NewFeedOutput})
    def post(self, request: Request) -> Response:
        """Make an address for a calendar program; at most 10."""
        made = make_feed(user=user_of(request), now=now(), **read(FeedInput, request.data))
        return Response(
            NewFeedOutput(made.feed, context={"token": made.token}).data,
            status=status.HTTP_201_CREATED,
            headers={"Cache-Control": "no-store"},
        )


class FeedView(APIView):
    """One of them."""

    permission_classes = (IsPatientOrDoctor,)

    @extend_schema(responses={200: None})
    def delete(self, request: Request, feed_id: uuid.UUID) -> Response:
        """End it, at once and for good."""
        revoke_feed(feed_id=feed_id, by=user_of(request), now=now())
        return Response(None)


class FeedContentView(APIView):
    """What a calendar program fetches."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        responses={(200, "text/calendar"): OpenApiTypes.BINARY}, operation_id="appointments_feeds_read"
    )
    def get(self, request: Request, token: str) -> HttpResponse:
        """The appointments from 31 days back on (RFC 5545). Unchanged, they cost a 304 (RFC 9110)."""
        reading = read_feed(token=token, now=now())
        modified = timegm(reading.changed_at.utctimetuple()) if reading.changed_at else None
        headers = {
            "ETag": f'"{reading.digest}"',
            "Cache-Control": "private, no-cache",
            "Content-Disposition": 'attachment; filename="appointments.ics"',
            "Referrer-Policy": "no-referrer",
        }
        if modified is not None:
            headers["Last-Modified"] = http_date(modified)
        response = HttpResponse(reading.content, content_type="text/calendar; charset=utf-8", headers=headers)
        answer = get_conditional_response(
            request._request, etag=headers["ETag"], last_modified=modified, response=response
        )
        return answer or response
