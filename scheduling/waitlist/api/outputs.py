"""Serializers of waiting-list entries and offers."""

from typing import Any, Protocol

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinics.api.serializers import SpecialtyOutput
from scheduling.bookings.api.outputs import BookedDoctorOutput, BookedPatientOutput, BookedVisitOutput
from scheduling.calendar.api_outputs import LocalTimeOutput, PlaceOutput, TimesOutput
from scheduling.models import WaitlistEntry, WaitlistOffer
from scheduling.models.waitlist import OFFER_RULE
from tenants.base.clock import local_time, time_zone_label
from tenants.current import current_clinic


class ListedEntry(Protocol):
    """An entry with the open offers that `live_entries` prefetches."""

    open_offers: list[WaitlistOffer]


class OfferedTimeOutput(TimesOutput):
    """The time of an offer."""

    slot = serializers.UUIDField(source="slot_id", allow_null=True)
    doctor = BookedDoctorOutput()
    visit_type = BookedVisitOutput(allow_null=True)
    place = PlaceOutput(allow_null=True, help_text="Null for the clinic's own address.")


class OfferOutput(serializers.Serializer[Any]):
    """An open offer. Its time is reserved for the patient until `ends_at`."""

    id = serializers.UUIDField()
    ends_at = serializers.DateTimeField()
    ends_at_local = serializers.SerializerMethodField()
    time_zone = serializers.SerializerMethodField(help_text="The time zone of `ends_at_local`.")
    tz_label = serializers.SerializerMethodField()
    time = OfferedTimeOutput(source="booking")
    can_replace = serializers.ListField(
        child=serializers.UUIDField(),
        help_text="Ids of later bookings with a similar doctor, one of which this offer can replace.",
    )

    @extend_schema_field(LocalTimeOutput)
    def get_ends_at_local(self, offer: WaitlistOffer) -> dict[str, Any]:
        """The end of the offer in the clinic's time zone."""
        local = local_time(offer.ends_at, current_clinic().zone)
        return {"local_date": local.on, "local_time": local.time}

    def get_time_zone(self, offer: WaitlistOffer) -> str:
        """The clinic's time zone, an IANA name."""
        return current_clinic().time_zone

    def get_tz_label(self, offer: WaitlistOffer) -> str:
        """The time zone, for people: "London time"."""
        return time_zone_label(current_clinic().time_zone)


class WaitlistEntryOutput(serializers.Serializer[Any]):
    """A waiting-list entry with its position and its open offer."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=WaitlistEntry.Status.choices)
    patient = BookedPatientOutput()
    doctor = BookedDoctorOutput(allow_null=True)
    specialty = SpecialtyOutput(allow_null=True)
    visit_type = BookedVisitOutput(allow_null=True)
    to = serializers.DateField(source="last_on")
    weekdays = serializers.ListField(child=serializers.IntegerField())
    created_at = serializers.DateTimeField()
    time_zone = serializers.SerializerMethodField()
    offers_missed = serializers.IntegerField(help_text="The number of offers that ended without an answer.")
    position = serializers.IntegerField(help_text="The position: 1 gets the next offer.")
    waiting = serializers.IntegerField(
        help_text="The number of patients who wait for this doctor or specialty."
    )
    rule = serializers.SerializerMethodField(help_text="The order in which times are offered, in words.")
    offer = serializers.SerializerMethodField()

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        return {**super().get_fields(), "from": serializers.DateField(source="first_on")}

    def get_time_zone(self, entry: WaitlistEntry) -> str:
        """The time zone of the days, an IANA name."""
        return current_clinic().time_zone

    def get_rule(self, entry: WaitlistEntry) -> str:
        """The order in which times are offered, in words."""
        return str(OFFER_RULE)

    @extend_schema_field(OfferOutput(allow_null=True))
    def get_offer(self, entry: ListedEntry) -> dict[str, Any] | None:
        """The open offer, or None."""
        return OfferOutput(entry.open_offers[0]).data if entry.open_offers else None
