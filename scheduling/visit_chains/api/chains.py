"""`appointments/chains/`: visits that follow each other, such as the nurse first, then the doctor."""

import json
import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.availability.api.open_slots import conditional_response, slot_query
from scheduling.availability.cache import cache_get, cache_set
from scheduling.availability.open_slots import AvailabilityQuery
from scheduling.bookings.api.idempotency import IDEMPOTENCY_KEY, idempotency_key
from scheduling.bookings.api.outputs import BookingOutput
from scheduling.bookings.create import requested_patient
from scheduling.bookings.idempotency import run_idempotently
from scheduling.calendar.etags import content_digest
from scheduling.calendar.local_times import clinic_day
from scheduling.errors import BOOKING_ERRORS, ChainDoesNotFit, IdempotencyKeyReused
from scheduling.models import Chain
from scheduling.outside_calendars.before_booking import read_before_booking
from scheduling.visit_chains.api.serializers import ChainFilters, ChainInput, ChainOptionOutput, ChainOutput
from scheduling.visit_chains.selectors import (
    chain_options,
    chains_in_use,
    chains_offered,
    get_chain,
    options_until,
)
from scheduling.visit_chains.services import book_chain
from tenants.accounts.permissions import IsPatientOrFrontDesk, signed_in_user
from tenants.base.clock import now
from tenants.base.operations import operation
from tenants.base.pages import PageNumberPages
from tenants.base.requests import query_params, validate


class ChainsView(ListAPIView[Chain]):
    """The visit chains that patients can book."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True
    serializer_class = ChainOutput

    def get_queryset(self) -> QuerySet[Chain]:
        """The chains that have steps and whose steps patients can all book."""
        return chains_offered()

    @operation(summary="List the visit chains")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The visit chains that patients can book, each with its steps in order."""
        return super().get(request, *args, **kwargs)


class ChainTimesView(APIView):
    """Find times for a visit chain."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True
    pagination_class = PageNumberPages
    filter_backends: ClassVar[list[Any]] = []

    @operation(
        summary="Find times for a visit chain",
        parameters=[ChainFilters],
        responses=ChainOptionOutput(many=True),
        filters=True,
    )
    def get(self, request: Request, chain_id: uuid.UUID) -> HttpResponse:
        """The first 50 options to have all visits of the chain one after the other, soonest first."""
        chain = get_chain(chain_id, chains_offered())
        filters = validate(ChainFilters, query_params(request))
        query = slot_query(filters, page=1, today=clinic_day(now()))
        body = _cached_body(chain, query, now=now())
        return conditional_response(request._request, body, etag=content_digest(body))


def _cached_body(chain: Chain, query: AvailabilityQuery, *, now: datetime) -> bytes:
    """The response body, from the cache or built."""
    key = f"chain/{chain.pk}/{query.first}/{query.last}"
    lookup = cache_get(key, now=now)
    if lookup.value is not None:
        return lookup.value
    options = chain_options(chain, first=query.first, last=query.last, now=now)
    results = ChainOptionOutput([{"visits": visits} for visits in options], many=True).data
    data = {"count": len(results), "next": None, "previous": None, "results": results}
    answer = json.dumps({"success": True, "data": data, "message": ""}, separators=(",", ":")).encode()
    cache_set(key, answer, lookup, until=options_until(chain, options))
    return answer


class BookChainView(APIView):
    """Book a visit chain."""

    permission_classes = (IsPatientOrFrontDesk,)

    @operation(
        summary="Book a visit chain",
        parameters=[IDEMPOTENCY_KEY],
        request=ChainInput,
        responses={201: BookingOutput(many=True)},
        success=_("All visits booked."),
        errors=[*BOOKING_ERRORS, ChainDoesNotFit, IdempotencyKeyReused],
    )
    def post(self, request: Request, chain_id: uuid.UUID) -> Response:
        """Book every visit of the chain, or none.

        `slots` is required and has one slot per step, in order. Staff also have to send `patient`.
        """
        data, user = validate(ChainInput, request.data), signed_in_user(request)
        patient = requested_patient(user, data.get("patient"))

        def book() -> list[Any]:
            booked = book_chain(
                chain=get_chain(chain_id, chains_in_use()),
                patient=patient,
                by=user,
                slots=data["slots"],
                reason=data["reason"],
                answers=data["answers"],
                now=now(),
            )
            return list(BookingOutput(booked, many=True, context={"request": request}).data)

        read_before_booking(slots=data["slots"], now=now())
        answer = run_idempotently(
            book, user=user, key=idempotency_key(request), request={**data, "chain": chain_id}, now=now()
        )
        return Response(answer, status=status.HTTP_201_CREATED)
