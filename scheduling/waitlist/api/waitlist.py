"""`appointments/waitlist/`: join the waiting list, and accept or decline offers."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Doctor, Specialty
from scheduling.availability.doctor_search import specialty_lookup
from scheduling.bookings.api.bookings import booked_message
from scheduling.bookings.api.outputs import BookingOutput
from scheduling.bookings.create import requested_patient, requested_visit_type
from scheduling.errors import (
    AlreadyWaiting,
    BookedTooLate,
    EmailNotConfirmed,
    LimitReached,
    NewPatientsNotAccepted,
    NoDoctorAvailable,
    NotReplaceable,
    OfferEnded,
    OfferWithdrawn,
    VisitTypeNotOffered,
    WaitlistFull,
    WaitlistLimitReached,
)
from scheduling.models import WaitlistEntry
from scheduling.outside_calendars.before_booking import read_before_booking
from scheduling.patients.access_log import record_patients_listed
from scheduling.waitlist.access import any_entry, any_offer, find_entry, find_offer
from scheduling.waitlist.api.inputs import AcceptInput, WaitlistInput
from scheduling.waitlist.api.outputs import WaitlistEntryOutput
from scheduling.waitlist.join_checks import WaitlistRequest
from scheduling.waitlist.offers import accept_offer, decline_offer, withdraw_offer
from scheduling.waitlist.selectors import live_entries, visible_entries
from scheduling.waitlist.services import join_waitlist, leave_waitlist
from tenants.accounts.models import User
from tenants.accounts.permissions import IsFrontDesk, IsPatient, IsPatientOrFrontDesk, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.operations import operation
from tenants.base.requests import validate


class WaitlistView(ListAPIView[WaitlistEntry]):
    """The waiting list."""

    permission_classes = (IsPatientOrFrontDesk,)
    serializer_class = WaitlistEntryOutput

    def get_queryset(self) -> QuerySet[WaitlistEntry]:
        """The entries that the user may see."""
        return visible_entries(signed_in_user(self.request), now=now())

    def paginate_queryset(self, queryset: Any) -> Any:
        """One page of entries. For staff, writes the patients on it to the access log."""
        page, user = super().paginate_queryset(queryset) or [], signed_in_user(self.request)
        if user.role != User.Role.PATIENT:
            record_patients_listed(patients=[entry.patient for entry in page], by=user)
        return page

    @operation(summary="List waiting-list entries")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Patients get their own entries and those of their dependants; admins and receptionists get all."""
        return super().get(request, *args, **kwargs)

    @operation(
        summary="Join the waiting list",
        request=WaitlistInput,
        responses={201: WaitlistEntryOutput},
        success=_("You are on the waiting list. We will email you when a time becomes free."),
        errors=[
            AlreadyWaiting,
            WaitlistFull,
            WaitlistLimitReached,
            EmailNotConfirmed,
            VisitTypeNotOffered,
            NoDoctorAvailable,
            NewPatientsNotAccepted,
            BookedTooLate,
            NotFound,
        ],
    )
    def post(self, request: Request) -> Response:
        """Wait for a slot with a doctor or in a specialty.

        `from`, `to` and exactly one of `doctor` and `specialty` are required. When a suitable slot becomes
        free, it is held for the patient and offered by mail. A request that no time could satisfy is refused
        with 422: no doctor offers the visit, none accepts the patient, every day is too soon, or the patient
        has reached the limit of bookings and none of them could be replaced by an earlier time. The
        front desk sends `patient`.
        """
        data, user = validate(WaitlistInput, request.data), signed_in_user(request)
        patient = requested_patient(user, data.get("patient"))
        entry = join_waitlist(patient=patient, by=user, request=requested_entry(data, by=user), now=now())
        listed = live_entries(now=now()).get(pk=entry.pk)
        return Response(WaitlistEntryOutput(listed).data, status=status.HTTP_201_CREATED)


def requested_entry(data: dict[str, Any], *, by: User) -> WaitlistRequest:
    """The doctor or specialty, visit type and days that the patient waits for.

    :raises InvalidInput: the doctor, specialty or visit type does not exist
    """
    doctor = specialty = None
    if "doctor" in data:
        doctor = Doctor.objects.bookable().filter(pk=data["doctor"]).first()
        if doctor is None:
            raise InvalidInput(
                errors={"doctor": [_("There is no bookable doctor with this id. Choose another doctor.")]}
            )
    if "specialty" in data:
        specialty = Specialty.objects.filter(**specialty_lookup(data["specialty"])).first()
        if specialty is None:
            raise InvalidInput(
                errors={
                    "specialty": [_("There is no specialty with this code or id. Choose another specialty.")]
                }
            )
    days = {"weekdays": data["weekdays"]} if "weekdays" in data else {}
    return WaitlistRequest(
        first=data["from"],
        last=data["to"],
        doctor=doctor,
        specialty=specialty,
        visit_type=requested_visit_type(by, data["visit_type"]),
        **days,
    )


class WaitlistEntryView(APIView):
    """One waiting-list entry."""

    permission_classes = (IsPatientOrFrontDesk,)

    @operation(
        summary="Leave the waiting list",
        responses={200: None},
        success=_("You are no longer on the waiting list."),
    )
    def delete(self, request: Request, entry_id: uuid.UUID) -> Response:
        """Remove the entry. If it has an open offer, the next patient gets it."""
        user = signed_in_user(request)
        entry = any_entry(entry_id) if user.is_front_desk else find_entry(entry_id=entry_id, by=user)
        leave_waitlist(entry=entry, by=user, now=now())
        return Response(None)


class AcceptView(APIView):
    """Accept an offer."""

    permission_classes = (IsPatient,)

    @operation(
        summary="Accept an offer",
        request=AcceptInput,
        responses=BookingOutput,
        success=booked_message,
        errors=[OfferEnded, OfferWithdrawn, LimitReached, EmailNotConfirmed, NotReplaceable],
    )
    def post(self, request: Request, offer_id: uuid.UUID) -> Response:
        """Book the offered time, and cancel the later booking `replaces`, if it is sent, in the same step.

        From `ends_at` of the offer on, the response is 409 `offer_ended`; if the clinic ended the offer, 409
        `offer_withdrawn`. Both have other open slots in `data.alternatives`.
        """
        data, user = validate(AcceptInput, request.data), signed_in_user(request)
        offer = find_offer(offer_id=offer_id, by=user)
        read_before_booking(hold=offer.booking_id, now=now())
        booking = accept_offer(offer=offer, by=user, now=now(), **data)
        return Response(BookingOutput(booking, context={"request": request}).data)


class DeclineView(APIView):
    """Decline an offer."""

    permission_classes = (IsPatient,)

    @operation(
        summary="Decline an offer",
        request=None,
        responses={200: None},
        success=_("Offer declined. You keep your place on the waiting list."),
        errors=[OfferEnded],
    )
    def post(self, request: Request, offer_id: uuid.UUID) -> Response:
        """Decline the offer. The patient keeps their place on the waiting list."""
        user = signed_in_user(request)
        decline_offer(offer=find_offer(offer_id=offer_id, by=user), by=user, now=now())
        return Response(None)


class WithdrawView(APIView):
    """Withdraw an offer."""

    permission_classes = (IsFrontDesk,)

    @operation(
        summary="Withdraw an offer",
        request=None,
        responses={200: None},
        success=_("Offer withdrawn. The patient keeps their place on the waiting list."),
        errors=[OfferEnded],
    )
    def post(self, request: Request, offer_id: uuid.UUID) -> Response:
        """End a patient's open offer, notify the patient, and offer the time to the next one."""
        withdraw_offer(offer=any_offer(offer_id), by=signed_in_user(request), now=now())
        return Response(None)
