"""`appointments/available/`: the hot read. Postgres writes the JSON, Redis keeps it, nobody parses it."""

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from scheduling.api.inputs import AvailableFilters
from scheduling.api.serializers import OpenSlotOutput
from scheduling.availability_cache import keep, look_up
from scheduling.selectors.availability import Question, open_slots_json
from scheduling.selectors.wall import clinic_day
from tenants.base.clock import now
from tenants.base.errors import InvalidInput
from tenants.base.pages import Pages
from tenants.base.requests import query_of, read

USUAL_WINDOW = timedelta(days=30)
LONGEST_WINDOW = timedelta(days=92)
WHOLE_WINDOW = 1000
"""How many slots one answer holds where no page is asked for: a week of a large clinic."""


class AvailableView(APIView):
    """Slots that can be booked."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    pagination_class = Pages
    filter_backends: ClassVar[list[Any]] = []

    @extend_schema(
        parameters=[AvailableFilters],
        responses=OpenSlotOutput(many=True),
        filters=True,
    )
    def get(self, request: Request) -> HttpResponse:
        """Open slots, soonest first. With an ETag, so that an unchanged answer costs a 304."""
        wanted = read(AvailableFilters, query_of(request))
        page = wanted.get("page", 1)
        question = question_of(wanted, page=page, today=clinic_day(now()))
        found = answer_to(question, now=now())
        count = int(found[: found.index(b"|")])
        links = json.dumps(links_of(request, question, page=page, count=count)).encode()
        body = b'{"success":true,"data":{"count":%d,%s,"results":%s},"message":""}' % (
            count,
            links[1:-1],
            found[found.index(b"|") + 1 :],
        )
        return conditional(request._request, body)


def question_of(wanted: dict[str, Any], *, page: int, today: date) -> Question:
    """The question behind a query, with what it leaves open filled in.

    :raises InvalidInput: it is about more than a quarter of a year
    """
    first: date = wanted.get("from") or min(today, wanted.get("to") or today)
    last: date = wanted.get("to") or first + USUAL_WINDOW
    if last - first > LONGEST_WINDOW:
        raise InvalidInput(errors={"to": [_("Ask for at most 92 days at a time.")]})
    paged = "page" in wanted or "page_size" in wanted
    limit = min(wanted.get("page_size", Pages.max_page_size), Pages.max_page_size) if paged else WHOLE_WINDOW
    return Question(
        first=first,
        last=last,
        limit=limit,
        offset=(page - 1) * limit,
        doctor=wanted.get("doctor"),
        specialty=wanted.get("specialty"),
        visit_type=wanted.get("visit_type"),
    )


def answer_to(question: Question, *, now: datetime) -> bytes:
    """Count and JSON array, parted by a bar: from the cache, else from Postgres."""
    lookup = look_up(str(question))
    if lookup.answer is not None:
        return lookup.answer
    count, results = open_slots_json(question, now=now)
    answer = b"%d|%s" % (count, results)
    keep(str(question), answer, lookup)
    return answer


def links_of(request: Request, question: Question, *, page: int, count: int) -> dict[str, str | None]:
    """The pages beside this one. Made for each request, since they carry its address."""
    here = request.build_absolute_uri()
    if question.limit == WHOLE_WINDOW and question.offset == 0:
        here = replace_query_param(here, "page_size", Pages.max_page_size)
        following = WHOLE_WINDOW // Pages.max_page_size + 1
    else:
        following = page + 1
    return {
        "next": replace_query_param(here, "page", following)
        if question.offset + question.limit < count
        else None,
        "previous": replace_query_param(here, "page", page - 1) if page > 1 else None,
    }


def conditional(request: HttpRequest, body: bytes) -> HttpResponse:
    """The body with its ETag, or 304 where the client has it (RFC 9110, section 13)."""
    etag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    response = HttpResponse(
        body, content_type="application/json", headers={"ETag": etag, "Cache-Control": "no-cache"}
    )
    return get_conditional_response(request, etag=etag, response=response) or response
