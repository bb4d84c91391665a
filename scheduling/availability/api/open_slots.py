"""`appointments/available/`: the most frequent read.

Postgres builds the JSON, Redis caches it as bytes, and the view sends it without parsing it.
"""

import hashlib
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

from scheduling.availability.api.filters import AvailableFilters
from scheduling.availability.api.outputs import OpenSlotOutput
from scheduling.availability.cache import keep, look_up
from scheduling.availability.open_slots import AvailabilityQuery, open_slots_json
from scheduling.calendar.local_times import clinic_day
from tenants.base.clock import now
from tenants.base.errors import InvalidInput
from tenants.base.operations import operation
from tenants.base.pages import Pages
from tenants.base.requests import query_of, read

USUAL_WINDOW = timedelta(days=30)
LONGEST_WINDOW = timedelta(days=92)
WHOLE_WINDOW = 1000
"""The number of slots in a response if no page is requested: a week of a large clinic."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A validated query, with a canonical text that is the same for all spellings of the query."""

    wanted: dict[str, Any]
    text: str
    page: int
    limit: int
    """Slots per page."""


class AvailableView(APIView):
    """Find open slots."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    pagination_class = Pages
    filter_backends: ClassVar[list[Any]] = []

    @operation(
        summary="Find open slots",
        parameters=[AvailableFilters],
        responses=OpenSlotOutput(many=True),
        filters=True,
    )
    def get(self, request: Request) -> HttpResponse:
        """Slots that can be booked, soonest first.

        All parameters are optional. Without `from` and `to`, the response covers the next 30 days. Send the
        ETag as `If-None-Match` to get a 304 if nothing has changed.
        """
        asked, today = asked_by(request), clinic_day(now())
        question = partial(question_of, asked.wanted, page=asked.page, today=today)
        answer = answer_to(f"{today}?{asked.text}", question, now=now())
        count, digest, results = answer.split(b"|", 2)
        links = json.dumps(links_of(request, asked, count=int(count))).encode()
        body = b'{"success":true,"data":{"count":%s,%s,"results":%s},"message":""}' % (
            count,
            links[1:-1],
            results,
        )
        return conditional(request._request, body, etag=digest_of(b"%s|%s|%s" % (count, digest, links)))


def asked_by(request: Request) -> Asked:
    """The request's query, validated.

    :raises ValidationError: a parameter is invalid
    """
    wanted = read(AvailableFilters, query_of(request))
    text = urlencode(sorted(wanted.items()))
    return Asked(wanted, text, page=wanted.get("page", 1), limit=limit_of(wanted))


def limit_of(wanted: dict[str, Any]) -> int:
    """The maximum number of slots in the response."""
    if "page" in wanted or "page_size" in wanted:
        return int(min(wanted.get("page_size", Pages.max_page_size), Pages.max_page_size))
    return WHOLE_WINDOW


def question_of(wanted: dict[str, Any], *, page: int, today: date) -> AvailabilityQuery:
    """The arguments of the database query, with defaults filled in.

    :raises InvalidInput: the period is longer than 92 days
    """
    first: date = wanted.get("from") or min(today, wanted.get("to") or today)
    last: date = wanted.get("to") or first + USUAL_WINDOW
    if last - first > LONGEST_WINDOW:
        raise InvalidInput(errors={"to": [_("The period is too long. Choose at most 92 days.")]})
    limit = limit_of(wanted)
    return AvailabilityQuery(
        first=first,
        last=last,
        limit=limit,
        offset=(page - 1) * limit,
        doctor=wanted.get("doctor"),
        specialty=wanted.get("specialty"),
        visit_type=wanted.get("visit_type"),
        any_doctor=wanted.get("any_doctor", False),
    )


def answer_to(asked: str, question: Callable[[], AvailabilityQuery], *, now: datetime) -> bytes:
    """`count|digest|JSON array`, from the cache or from Postgres.

    `question` is called after the cache lookup, so that its reads are not older than the lookup either.
    """
    lookup = look_up(asked)
    if lookup.value is not None:
        return lookup.value
    count, results = open_slots_json(question(), now=now)
    answer = b"%d|%s|%s" % (count, digest_of(results).encode(), results)
    keep(asked, answer, lookup)
    return answer


def links_of(request: Request, asked: Asked, *, count: int) -> dict[str, str | None]:
    """The URLs of the next and the previous page. Built per request because they contain its host."""
    page, more = asked.page, asked.page * asked.limit < count
    if page == 1 and not more:
        return {"next": None, "previous": None}
    here = request.build_absolute_uri()
    following = page + 1
    if asked.limit == WHOLE_WINDOW:
        here = replace_query_param(here, "page_size", Pages.max_page_size)
        following = WHOLE_WINDOW // Pages.max_page_size + 1
    return {
        "next": replace_query_param(here, "page", following) if more else None,
        "previous": replace_query_param(here, "page", page - 1) if page > 1 else None,
    }


def digest_of(content: bytes) -> str:
    """A digest of the content, for ETags."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def conditional(request: HttpRequest, body: bytes, *, etag: str) -> HttpResponse:
    """The body with its ETag, or 304 if the client has it already (RFC 9110, section 13)."""
    headers = {"ETag": f'"{etag}"', "Cache-Control": "no-cache"}
    response = HttpResponse(body, content_type="application/json", headers=headers)
    return get_conditional_response(request, etag=headers["ETag"], response=response) or response
