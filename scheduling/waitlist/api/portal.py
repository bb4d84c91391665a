"""`portal/waitlist/`: the waiting list for the front desk."""

import uuid
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.patients import PatientOutput
from clinics.models import Patient
from clinics.patient_lookup import find_patients
from clinics.selectors import clinic_settings
from scheduling.availability.booking_window import last_bookable_day
from scheduling.availability.doctor_search import specialty_lookup
from scheduling.errors import AlreadyOffered, NobodyToTell, SlotNotOffered, SlotTaken
from scheduling.models import Slot, VisitType, WaitlistEntry
from scheduling.patients.access_log import record_patients_listed_hourly
from scheduling.waitlist.access import any_entry
from scheduling.waitlist.api.outputs import WaitlistEntryOutput
from scheduling.waitlist.offer_open_times import offer_end
from scheduling.waitlist.offers import offer_at_desk
from scheduling.waitlist.selectors import entries_at_desk, entries_in_order
from tenants.accounts.permissions import IsFrontDesk, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.fields import LineField
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate

_REASONS = ("offered", "nobody_to_tell", "not_offered", "too_far_ahead", "unanswered", "none_free")


class PortalWaitlistFilters(serializers.Serializer[Any]):
    """Query parameters of the waiting list."""

    q = LineField(required=False, allow_blank=True, max_length=100, help_text="As in `portal/patients/`.")
    doctor = serializers.UUIDField(required=False, help_text="Only entries for this doctor (an id).")
    specialty = LineField(
        required=False, max_length=40, help_text="Only entries for this specialty (code or id)."
    )
    visit_type = serializers.UUIDField(required=False, help_text="Only entries for this visit type (an id).")
    status = serializers.ChoiceField(
        required=False,
        choices=["waiting", "offered"],
        help_text="Only entries without or with an open offer.",
    )
    page = serializers.IntegerField(required=False, min_value=1, help_text="The page to return, from 1.")
    page_size = serializers.IntegerField(
        required=False, min_value=1, help_text="Entries per page, at most 100."
    )


class PortalWaitlistEntryOutput(WaitlistEntryOutput):
    """A waiting-list entry, with the patient's contact details and why there is no appointment yet."""

    patient = PatientOutput()  # type: ignore[assignment]  # more than patients see
    offers_made = serializers.IntegerField(help_text="The number of offers so far.")
    reason = serializers.SerializerMethodField(help_text="Why the patient has no appointment yet.")
    reason_text = serializers.SerializerMethodField(help_text="The reason in words.")

    @cached_property
    def last_days(self) -> dict[uuid.UUID | None, date]:
        """The last bookable day of each visit type, computed once per list."""
        return {}

    def last_day(self, visit_type: VisitType | None) -> date:
        """The last day on which the visit type can be booked now."""
        key = visit_type.pk if visit_type else None
        if key not in self.last_days:
            self.last_days[key] = last_bookable_day(clinic_settings(), visit_type=visit_type, now=now())
        return self.last_days[key]

    @extend_schema_field(serializers.ChoiceField(choices=_REASONS))
    def get_reason(self, entry: Any) -> str:
        """One of `_REASONS`."""
        visit_type = entry.visit_type
        if entry.open_offers:
            return "offered"
        if not entry.can_be_notified:
            return "nobody_to_tell"
        if visit_type is not None and not visit_type.is_active:
            return "not_offered"
        if entry.first_on > self.last_day(visit_type):
            return "too_far_ahead"
        return "unanswered" if entry.offers_missed else "none_free"

    def get_reason_text(self, entry: Any) -> str:
        """The reason in words."""
        missed = ngettext(
            "%(count)d offer ended without an answer. No other time that suits has become free since.",
            "%(count)d offers ended without an answer. No other time that suits has become free since.",
            entry.offers_missed,
        )
        texts = {
            "offered": _("A time is offered to the patient."),
            "nobody_to_tell": _("The patient has no email address, so no time is offered. Call the patient."),
            "not_offered": _("This visit type is no longer offered."),
            "too_far_ahead": _("The clinic does not take bookings for these days yet."),
            "unanswered": missed % {"count": entry.offers_missed},
            "none_free": _("No time that suits has become free since the patient was added."),
        }
        return texts[self.get_reason(entry)]


class PortalWaitlistView(ListAPIView[WaitlistEntry]):
    """The waiting list."""

    permission_classes = (IsFrontDesk,)
    serializer_class = PortalWaitlistEntryOutput

    def get_queryset(self) -> QuerySet[WaitlistEntry]:
        """The entries that match the filters."""
        filters = validate(PortalWaitlistFilters, query_params(self.request))
        entries = entries_in_order(now=now())
        names = ("doctor", "visit_type", "status")
        conditions: dict[str, Any] = {name: filters[name] for name in names if name in filters}
        if "specialty" in filters:
            conditions |= {
                f"specialty__{name}": value for name, value in specialty_lookup(filters["specialty"]).items()
            }
        if filters.get("q"):
            entries = entries.filter(patient__in=Patient.objects.filter(find_patients(filters["q"])))
        return entries.filter(**conditions)

    def paginate_queryset(self, queryset: Any) -> Any:
        """One page of entries. Writes the patients on it to the access log."""
        # The positions are counted for this page only: each compares an entry with the whole list.
        ids = [entry.pk for entry in super().paginate_queryset(queryset) or []]
        entries = entries_at_desk(now=now()).in_bulk(ids)
        page = [entries[entry_id] for entry_id in ids if entry_id in entries]
        patients = [entry.patient for entry in page]
        record_patients_listed_hourly(patients=patients, by=signed_in_user(self.request), now=now())
        return page

    @operation(summary="List the waiting list at the front desk", parameters=[PortalWaitlistFilters])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """All entries, longest wait first, with the patient's telephone number and why they still wait."""
        return super().get(request, *args, **kwargs)


class DeskOfferInput(serializers.Serializer[Any]):
    """A time to offer."""

    slot = serializers.UUIDField(help_text="Id of the slot to offer.")


class PortalWaitlistOfferView(APIView):
    """Offer a time to a waiting patient."""

    permission_classes = (IsFrontDesk,)

    @operation(
        summary="Offer a time to a waiting patient",
        request=DeskOfferInput,
        responses={201: PortalWaitlistEntryOutput},
        success=gettext_lazy("The time is offered to the patient."),
        errors=[NobodyToTell, AlreadyOffered, SlotTaken, SlotNotOffered, NotFound],
    )
    def post(self, request: Request, entry_id: uuid.UUID) -> Response:
        """Hold the slot for the patient and send the offer, regardless of the order of the list.

        The patient accepts or declines it like any other offer. If the patient has no account, the response
        is 422 `nobody_to_tell`: call the patient and book the time instead.
        """
        data, moment = validate(DeskOfferInput, request.data), now()
        entry = any_entry(entry_id)
        slot = Slot.objects.offered().filter(pk=data["slot"]).first()
        if slot is None:
            raise NotFound
        ends_at = offer_end(slot.starts_at, rules=clinic_settings(), now=moment)
        if ends_at is None:
            raise SlotNotOffered
        offer_at_desk(entry=entry, slot_id=slot.pk, ends_at=ends_at, by=signed_in_user(request), now=moment)
        listed = entries_at_desk(now=moment).get(pk=entry.pk)
        return Response(PortalWaitlistEntryOutput(listed).data, status=status.HTTP_201_CREATED)
