"""`appointments/chains/`: visits in a row, such as the nurse first, then the doctor."""

import json
import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.api.available import conditional, digest_of, question_of
from scheduling.api.bookings import patient_for
from scheduling.api.chain_serializers import ChainFilters, ChainInput, ChainOptionOutput, ChainOutput
from scheduling.api.repeats import KEY, made_once
from scheduling.api.serializers import BookingOutput
from scheduling.availability_cache import keep, look_up
from scheduling.models import Chain
from scheduling.selectors.availability import Question
from scheduling.selectors.chains import chain_meant, chain_options, chains_in_use, chains_offered
from scheduling.selectors.wall import clinic_day
from scheduling.services.chains import book_chain
from tenants.accounts.permissions import IsPatientOrAtTheDesk, user_of
from tenants.base.clock import now
from tenants.base.pages import Pages
from tenants.base.requests import query_of, read


class ChainsView(ListAPIView[Chain]):
    """Visits that patients can book together."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = ChainOutput

    def get_queryset(self) -> QuerySet[Chain]:
        """Those with a step, each of which patients can book."""
        return chains_offered()


class ChainTimesView(APIView):
    """When a chain can be booked."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    pagination_class = Pages
    filter_backends: ClassVar[list[Any]] = []

    @extend_schema(parameters=[ChainFilters], responses=ChainOptionOutput(many=True), filters=True)
    def get(self, request: Request, chain_id: uuid.UUID) -> HttpResponse:
        """The first 50 ways to have all the visits one after the other, soonest first."""
        chain = chain_meant(chain_id, chains_offered())
        wanted = read(ChainFilters, query_of(request))
        question = question_of(wanted, page=1, today=clinic_day(now()))
        body = answer_to(chain, question, now=now())
        return conditional(request._request, body, etag=digest_of(body))


def answer_to(chain: Chain, question: Question, *, now: datetime) -> bytes:
    """The whole body: from the cache, else made anew."""
    asked = f"chain/{chain.pk}/{question.first}/{question.last}"
    lookup = look_up(asked)
    if lookup.value is not None:
        return lookup.value
    options = chain_options(chain, first=question.first, last=question.last, now=now)
    shown = ChainOptionOutput([{"visits": visits} for visits in options], many=True).data
    data = {"count": len(shown), "next": None, "previous": None, "results": shown}
    answer = json.dumps({"success": True, "data": data, "message": ""}, separators=(",", ":")).encode()
    keep(asked, answer, lookup)
    return answer


class BookChainView(APIView):
    """Booking a chain."""

    permission_classes = (IsPatientOrAtTheDesk,)

    @extend_schema(parameters=[KEY], request=ChainInput, responses={201: BookingOutput(many=True)})
    def post(self, request: Request, chain_id: uuid.UUID) -> Response:
        """Book every visit of it, or none."""
        given, user = read(ChainInput, request.data), user_of(request)
        patient = patient_for(user, given.get("patient"))

        def book() -> list[Any]:
            booked = book_chain(
                chain=chain_meant(chain_id, chains_in_use()),
                patient=patient,
                by=user,
                slots=given["slots"],
                reason=given["reason"],
                answers=given["answers"],
                now=now(),
            )
            return list(BookingOutput(booked, many=True).data)

        return made_once(request, given={**given, "chain": chain_id}, act=book)
