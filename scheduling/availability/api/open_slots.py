"""`appointments/available/`: the endpoint of open slots, and its cached response.

It is the most frequent read. Postgres builds the JSON, Redis caches it as bytes, and the view sends it
without parsing it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from scheduling.availability.api.filters import AvailableFilters, conditions_of
from scheduling.availability.api.outputs import OpenSlotOutput
from scheduling.availability.cache import AVAILABILITY, cache_get, cache_set
from scheduling.availability.open_slots import AvailabilityQuery, OpenSlots, open_slots
from scheduling.calendar.etags import content_digest
from scheduling.calendar.local_times import clinic_day
from scheduling.errors import BookingNotChangeable, RescheduledTooLate
from tenants.base.clock import now
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.operations import operation
from tenants.base.pages import PageNumberPages
from tenants.base.requests import query_params, validate

_DEFAULT_WINDOW = timedelta(days=30)
_MAX_WINDOW = timedelta(days=92)
_UNPAGED_LIMIT = 1000
"""The number of slots in a response if no page is requested: a week of a large clinic."""


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A validated query, with a canonical text that is the same for all spellings of the query."""

    filters: dict[str, Any]
    text: str
    page: int
    limit: int
    """Slots per page."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Open slots as the cache stores them."""

    packed: bytes
    """`count|digest|JSON array`."""
    until: datetime | None
    """When time alone makes them wrong; None: never."""


class AvailableView(APIView):
    """Find open slots."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True
    response_cache = AVAILABILITY
    pagination_class = PageNumberPages
    filter_backends: ClassVar[list[Any]] = []

    @operation(
        summary="Find open slots",
        parameters=[AvailableFilters],
        responses=OpenSlotOutput(many=True),
        filters=True,
        errors=[NotFound, BookingNotChangeable, RescheduledTooLate],
    )
    def get(self, request: Request) -> HttpResponse:
        """Slots that can be booked, soonest first.

        All parameters are optional. Without `from` and `to`, the response covers the next 30 days. Send the
        ETag as `If-None-Match` to get a 304 if nothing has changed. `moving` is for signed-in users who may
        move that booking; for anybody else it does not exist (404).
        """
        query, today = _parse_query(request), clinic_day(now())
        answer = self.answer(request, query, today=today)
        count, digest, results = answer.packed.split(b"|", 2)
        links = json.dumps(_page_links(request, query, count=int(count))).encode()
        body = b'{"success":true,"data":{"count":%s,%s,"results":%s},"message":""}' % (
            count,
            links[1:-1],
            results,
        )
        etag = content_digest(b"%s|%s|%s" % (count, digest, links))
        response = conditional_response(request._request, body, etag=etag)
        response.correct_until = answer.until  # type: ignore[attr-defined]  # read by CachedResponseMiddleware
        return response

    def answer(self, request: Request, query: ParsedQuery, *, today: date) -> Answer:
        """The open slots for the query. A subclass answers queries for a move."""
        search = partial(slot_query, query.filters, page=query.page, today=today)
        return cached_answer(f"{today}?{query.text}", search, now=now())


def _parse_query(request: Request) -> ParsedQuery:
    """The request's query, validated.

    :raises ValidationError: a parameter is invalid
    """
    filters = validate(AvailableFilters, query_params(request))
    text = urlencode(sorted(filters.items()))
    return ParsedQuery(filters, text, page=filters.get("page", 1), limit=_page_size(filters))


def _page_size(filters: dict[str, Any]) -> int:
    """The maximum number of slots in the response."""
    if "page" in filters or "page_size" in filters:
        return int(
            min(filters.get("page_size", PageNumberPages.max_page_size), PageNumberPages.max_page_size)
        )
    return _UNPAGED_LIMIT


def slot_query(filters: dict[str, Any], *, page: int, today: date) -> AvailabilityQuery:
    """The arguments of the database query, with defaults filled in.

    :raises InvalidInput: the period is longer than 92 days
    """
    first: date = filters.get("from") or min(today, filters.get("to") or today)
    last: date = filters.get("to") or first + _DEFAULT_WINDOW
    if last - first > _MAX_WINDOW:
        raise InvalidInput(errors={"to": [_("The period is too long. Choose at most 92 days.")]})
    limit = _page_size(filters)
    return AvailabilityQuery(
        first=first,
        last=last,
        limit=limit,
        offset=(page - 1) * limit,
        conditions=conditions_of(filters),
        visit_type=filters.get("visit_type"),
        any_doctor=filters.get("any_doctor", False),
    )


def cached_answer(key: str, search: Callable[[], AvailabilityQuery], *, now: datetime) -> Answer:
    """The open slots, from the cache or from Postgres.

    `search` is called after the cache lookup, so that what it reads is not older than the lookup.
    """
    lookup = cache_get(key, now=now)
    if lookup.value is not None:
        return Answer(lookup.value, until=lookup.until)
    answer = packed_answer(open_slots(search(), now=now))
    cache_set(key, answer.packed, lookup, until=answer.until)
    return answer


def packed_answer(found: OpenSlots) -> Answer:
    """The open slots as the cache stores them."""
    digest = content_digest(found.results).encode()
    return Answer(b"%d|%s|%s" % (found.count, digest, found.results), until=found.until)


def _page_links(request: Request, query: ParsedQuery, *, count: int) -> dict[str, str | None]:
    """The URLs of the next and the previous page. Built per request because they contain its host."""
    page, has_next = query.page, query.page * query.limit < count
    if page == 1 and not has_next:
        return {"next": None, "previous": None}
    url = request.build_absolute_uri()
    next_page = page + 1
    if query.limit == _UNPAGED_LIMIT:
        url = replace_query_param(url, "page_size", PageNumberPages.max_page_size)
        next_page = _UNPAGED_LIMIT // PageNumberPages.max_page_size + 1
    return {
        "next": replace_query_param(url, "page", next_page) if has_next else None,
        "previous": replace_query_param(url, "page", page - 1) if page > 1 else None,
    }


def conditional_response(request: HttpRequest, body: bytes, *, etag: str) -> HttpResponse:
    """The body with its ETag, or 304 if the client has it already (RFC 9110, section 13)."""
    headers = {"ETag": f'"{etag}"'}
    response = HttpResponse(body, content_type="application/json", headers=headers)
    return get_conditional_response(request, etag=headers["ETag"], response=response) or response
