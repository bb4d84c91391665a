"""The waiting list: its entries, and the offers of slots that became open."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from clinics.models import Doctor, Patient, Specialty
from scheduling.models.bookings import Booking
from scheduling.models.time_off import every_day
from scheduling.models.visit_types import VisitType
from tenants.base.models import BaseModel, BaseQuerySet
from tenants.base.weekdays import Weekday

LIVE_STATES = ["waiting", "offered"]
OFFER_ORDER = ("offers_missed", "created_at", "id")
"""The order in which open time is offered: fewest missed offers, then longest wait. Shown as `OFFER_RULE`."""
OFFER_RULE = _(
    "We offer each available appointment to one patient at a time. Patients with the fewest unanswered offers"
    " come first. Among them, the patient who has waited longest comes first."
)


class WaitlistQuerySet(BaseQuerySet["WaitlistEntry"]):
    """Filters for waiting-list entries."""

    def waiting(self) -> "WaitlistQuerySet":
        """Entries that can get an offer now."""
        return self.filter(status=WaitlistEntry.Status.WAITING)

    def live(self, *, today: date) -> "WaitlistQuerySet":
        """Entries on the list: neither booked nor ended, and their last day is not past."""
        return self.filter(status__in=LIVE_STATES, last_on__gte=today)

    def in_offer_order(self) -> "WaitlistQuerySet":
        """Sort in the order in which they get offers."""
        return self.order_by(*OFFER_ORDER)


class WaitlistEntry(BaseModel):
    """A patient's request for a time that is not open now."""

    class Status(models.TextChoices):
        """The state of an entry."""

        WAITING = "waiting", _("waiting")
        OFFERED = "offered", _("offer sent")
        BOOKED = "booked", _("booked")
        ENDED = "ended", _("ended")

    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="waitlist", verbose_name=_("patient")
    )
    doctor = models.ForeignKey(
        Doctor, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("doctor")
    )
    specialty = models.ForeignKey(
        Specialty,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("specialty"),
    )
    visit_type = models.ForeignKey(
        VisitType,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("visit type"),
    )
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday.choices),
        default=every_day,
        verbose_name=_("weekdays"),
    )
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.WAITING)
    offers_missed = models.PositiveSmallIntegerField(_("unanswered offers"), default=0)

    objects: ClassVar = WaitlistQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiting list entry")
        verbose_name_plural = _("waiting list entries")
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["first_on", "last_on"],
                name="waitlist_by_days",
                condition=Q(status__in=LIVE_STATES),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(doctor=None) ^ Q(specialty=None),
                name="waitlistentry_says_with_whom",
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="waitlistentry_last_is_after_first"
            ),
        ]

    def __str__(self) -> str:
        return _("%(first)s to %(last)s") % {
            "first": date_format(self.first_on),
            "last": date_format(self.last_on),
        }


class WaitlistOffer(BaseModel):
    """A slot that became open, held for a patient on the waiting list until the offer ends."""

    class Outcome(models.TextChoices):
        """The outcome of an offer."""

        OPEN = "open", _("waiting for an answer")
        TAKEN = "taken", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "revoked", _("withdrawn by the clinic")

    entry = models.ForeignKey(WaitlistEntry, on_delete=models.CASCADE, related_name="offers")
    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="offer")
    ends_at = models.DateTimeField(_("expires at"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(outcome="open"), name="waitlistoffer_one_open_per_entry"
            )
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()
