"""Webhooks: the addresses of a clinic's own systems, and what was delivered to them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.base.clock import format_staff_time
from tenants.base.models import BaseModel


class WebhookEvent(models.TextChoices):
    """What a webhook reports."""

    BOOKING_CREATED = "booking.created", _("booking created")
    BOOKING_CONFIRMED = "booking.confirmed", _("booking confirmed by the clinic")
    BOOKING_ATTENDANCE_CONFIRMED = "booking.attendance_confirmed", _("booking: patient will come")
    BOOKING_RESCHEDULED = "booking.rescheduled", _("booking rescheduled")
    BOOKING_DETAILS_CHANGED = "booking.details_changed", _("booking: place or doctor's name changed")
    BOOKING_CANCELLED = "booking.cancelled", _("booking cancelled")
    BOOKING_CHECKED_IN = "booking.checked_in", _("booking: patient checked in")
    BOOKING_STARTED = "booking.started", _("booking: visit started")
    BOOKING_COMPLETED = "booking.completed", _("booking completed")
    BOOKING_NO_SHOW = "booking.no_show", _("booking: patient did not come")
    BOOKING_REOPENED = "booking.reopened", _("booking: last step undone")
    PATIENT_CREATED = "patient.created", _("patient created")
    PATIENT_UPDATED = "patient.updated", _("patient changed")
    PATIENT_ERASED = "patient.erased", _("patient erased")
    WAITLIST_JOINED = "waitlist.joined", _("waiting list joined")
    WAITLIST_OFFERED = "waitlist.offered", _("waiting list: time offered")
    WAITLIST_OFFER_ENDED = "waitlist.offer_ended", _("waiting list: offer not accepted")
    WAITLIST_BOOKED = "waitlist.booked", _("waiting list: offer accepted")
    WAITLIST_ENDED = "waitlist.ended", _("waiting list left")


TEST_EVENT = "test"
"""The type of the event that the test button sends. Every endpoint receives it."""


def all_event_types() -> list[str]:
    """Return every type of event."""
    return list(WebhookEvent.values)


class WebhookEndpoint(BaseModel):
    """An address of the clinic's own systems that receives events."""

    class Off(models.TextChoices):
        """The reason why an endpoint is off."""

        BY_STAFF = "by_staff", _("switched off by staff")
        FAILING = "failing", _("it failed for days")
        GONE = "gone", _("it answered 410 Gone")
        RESTORED = "restored", _("the clinic was restored from an export")

    url = models.URLField(_("URL"), max_length=500, help_text=_("An https address on the internet."))
    description = models.CharField(_("description"), max_length=120, blank=True)
    event_types = ArrayField(
        models.CharField(max_length=40, choices=WebhookEvent.choices),
        default=all_event_types,
        verbose_name=_("events"),
    )
    stored_secret = models.TextField(editable=False)
    """The secret that signs deliveries, encrypted (`encrypt_secret`); empty after a restore."""
    is_active = models.BooleanField(_("active"), default=True)
    off_because = models.CharField(
        _("reason why it is off"), max_length=12, blank=True, choices=Off.choices, editable=False
    )
    active_since = models.DateTimeField(_("active since"), editable=False)
    """Earlier events are not sent."""
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    """The first failed attempt since the last successful one."""
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    paused_until = models.DateTimeField(_("paused until"), null=True, editable=False)
    """No attempt is made before, because several have failed in a row."""

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=True) ^ ~Q(off_because=""), name="webhookendpoint_off_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return self.description or self.url


class WebhookDelivery(BaseModel):
    """One event for one endpoint. It contains ids, times and a status, and nothing else about a person."""

    class Status(models.TextChoices):
        """Where the delivery is on its way."""

        PENDING = "pending", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    event_type = models.CharField(_("event"), max_length=40)
    event_id = models.UUIDField(_("event id"))
    """The header `webhook-id`. All attempts and replays have the same."""
    stream = models.UUIDField(editable=False)
    """The booking, patient or waiting-list entry whose events are delivered in order."""
    sequence = models.PositiveIntegerField(editable=False)
    """The place in the order of the stream."""
    body = models.TextField(_("body"))
    happened_at = models.DateTimeField(_("time of the event"))
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PENDING, db_default=Status.PENDING
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0, db_default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True)
    last_attempt_at = models.DateTimeField(_("last attempt at"), null=True)
    last_status = models.PositiveSmallIntegerField(_("last HTTP status"), null=True)
    last_answer = models.TextField(_("last answer"), blank=True)
    """The beginning of the last answer's body, or the reason why there is none."""

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-happened_at", "id"]
        indexes = [
            models.Index(fields=["endpoint", "status", "happened_at"], name="webhookdelivery_by_status"),
            models.Index(fields=["happened_at"], name="webhookdelivery_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="webhookdelivery_once_per_event"),
            models.UniqueConstraint(
                fields=["endpoint", "stream", "sequence"], name="webhookdelivery_has_its_place"
            ),
            models.CheckConstraint(
                condition=~Q(status="pending") | Q(next_attempt_at__isnull=False),
                name="webhookdelivery_pending_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type}, {format_staff_time(self.happened_at)}"
