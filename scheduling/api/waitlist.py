"""`appointments/waitlist/`: waiting for a time, and answering when one is offered."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Doctor, Specialty
from scheduling.api.inputs import AcceptInput, WaitlistInput
from scheduling.api.serializers import BookingOutput
from scheduling.api.waitlist_outputs import WaitlistEntryOutput
from scheduling.models import WaitlistEntry
from scheduling.selectors.doctors import specialty_key
from scheduling.selectors.waitlist import live_entries, visible_entries
from scheduling.services.create import requested_patient, requested_visit_type
from scheduling.services.offers import accept_offer, decline_offer
from scheduling.services.reading import find_entry, find_offer, patients_listed
from scheduling.services.waitlist import Wish, join_waitlist, leave_waitlist
from tenants.accounts.models import User
from tenants.accounts.permissions import IsPatient, IsPatientOrAtTheDesk, user_of
from tenants.base.clock import now
from tenants.base.errors import InvalidInput
from tenants.base.requests import read


class WaitlistView(ListAPIView[WaitlistEntry]):
    """The waiting list."""

    serializer_class = WaitlistEntryOutput

    def get_permissions(self) -> list[BasePermission]:
        """At the desk the list is read; patients put themselves on it."""
        return [IsPatient() if self.request.method == "POST" else IsPatientOrAtTheDesk()]

    def get_queryset(self) -> QuerySet[WaitlistEntry]:
        """As far as the one who asks may see it."""
        return visible_entries(user_of(self.request), now=now())

    def paginate_queryset(self, queryset: Any) -> Any:
        """A page of it; whom somebody of the clinic sees on it, is read of."""
        page, user = super().paginate_queryset(queryset) or [], user_of(self.request)
        if user.role != User.Role.PATIENT:
            patients_listed(patients=[entry.patient for entry in page], by=user)
        return page

    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Patients: for what they wait, and those they care for; admins and receptionists: all who wait."""
        return super().get(request, *args, **kwargs)

    @extend_schema(request=WaitlistInput, responses={201: WaitlistEntryOutput})
    def post(self, request: Request) -> Response:
        """Wait for a time with a doctor or in a specialty. When one is freed, it is offered and held."""
        given, user = read(WaitlistInput, request.data), user_of(request)
        patient = requested_patient(user, given.get("patient"))
        entry = join_waitlist(patient=patient, by=user, wish=wish_of(given, by=user), now=now())
        shown = live_entries(now=now()).get(pk=entry.pk)
        return Response(WaitlistEntryOutput(shown).data, status=status.HTTP_201_CREATED)


def wish_of(given: dict[str, Any], *, by: User) -> Wish:
    """What is waited for.

    :raises InvalidInput: there is no such doctor, specialty or visit type
    """
    doctor = specialty = None
    if "doctor" in given:
        doctor = Doctor.objects.bookable().filter(pk=given["doctor"]).first()
        if doctor is None:
            raise InvalidInput(errors={"doctor": [_("There is no such doctor.")]})
    if "specialty" in given:
        specialty = Specialty.objects.filter(**specialty_key(given["specialty"])).first()
        if specialty is None:
            raise InvalidInput(errors={"specialty": [_("There is no such specialty.")]})
    days = {"weekdays": given["weekdays"]} if "weekdays" in given else {}
    return Wish(
        first=given["from"],
        last=given["to"],
        doctor=doctor,
        specialty=specialty,
        visit_type=requested_visit_type(by, given["visit_type"]),
        **days,
    )


class WaitlistEntryView(APIView):
    """One wish."""

    permission_classes = (IsPatient,)

    @extend_schema(responses={200: None})
    def delete(self, request: Request, entry_id: uuid.UUID) -> Response:
        """Wait no longer. What is offered at that moment goes to the next."""
        user = user_of(request)
        leave_waitlist(entry=find_entry(entry_id=entry_id, by=user), by=user, now=now())
        return Response(None)


class AcceptView(APIView):
    """Taking what is offered."""

    permission_classes = (IsPatient,)

    @extend_schema(request=AcceptInput, responses=BookingOutput)
    def post(self, request: Request, offer_id: uuid.UUID) -> Response:
        """Book it. 409 `offer_ended` from the moment at which it ends."""
        given, user = read(AcceptInput, request.data), user_of(request)
        offer = find_offer(offer_id=offer_id, by=user)
        return Response(BookingOutput(accept_offer(offer=offer, by=user, now=now(), **given)).data)


class DeclineView(APIView):
    """Leaving what is offered to the next."""

    permission_classes = (IsPatient,)

    @extend_schema(request=None, responses={200: None})
    def post(self, request: Request, offer_id: uuid.UUID) -> Response:
        """Decline. The patient waits on, and keeps their place."""
        user = user_of(request)
        decline_offer(offer=find_offer(offer_id=offer_id, by=user), by=user, now=now())
        return Response(None)
