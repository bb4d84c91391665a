"""Emails about bookings, and calendar feeds."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models import BookingEvent
from tenants.accounts.models import User
from tenants.base.clock import format_staff_time
from tenants.base.models import BaseModel, BaseQuerySet
from tenants.routing.public_urls import message_id


class Message(BaseModel):
    """One email to one person about one event. Its text is rendered when it is sent."""

    class Kind(models.TextChoices):
        """The kind of event that the email is about."""

        CONFIRMATION = "confirmation", _("appointment booked")
        REQUESTED = "requested", _("appointment requested")
        RESCHEDULED = "rescheduled", _("appointment rescheduled")
        CANCELLATION = "cancellation", _("appointment cancelled")
        OFFER = "offer", _("waiting list offer")

    class NotSent(models.TextChoices):
        """The reason why an email was not sent."""

        OFFER_OVER = "offer_over", _("the offer had expired")
        TOO_LATE = "too_late", _("it was too late")
        ACCOUNT_CLOSED = "account_closed", _("the account was closed")
        CANCELLED_SINCE = "cancelled_since", _("the appointment had been cancelled")
        CONFIRMED_SINCE = "confirmed_since", _("the appointment had been confirmed")
        MOVED_SINCE = "moved_since", _("the appointment had been rescheduled again")
        REFUSED = "refused", _("the mail server rejected the address")
        RESTORED = "restored", _("the clinic was restored from an export")

    event = models.ForeignKey(BookingEvent, on_delete=models.PROTECT, related_name="messages")
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("to"))
    kind = models.CharField(_("about"), max_length=16, choices=Kind.choices)
    due_at = models.DateTimeField(_("due at"))
    not_after = models.DateTimeField(_("do not send after"))
    sent_at = models.DateTimeField(_("sent at"), null=True)
    dropped_at = models.DateTimeField(_("cancelled at"), null=True)
    dropped_because = models.CharField(
        _("reason not sent"), max_length=40, blank=True, choices=NotSent.choices
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipient", "kind"], name="message_one_per_event_and_recipient"
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(dropped_at=None),
                name="message_is_sent_or_dropped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {format_staff_time(self.due_at)}"

    @property
    def message_id(self) -> str:
        """The Message-ID header. It is fixed, so that mail programs recognise an email sent twice."""
        return message_id(self.pk)


class CalendarFeedQuerySet(BaseQuerySet["CalendarFeed"]):
    """Filters for calendar feeds."""

    def live(self) -> "CalendarFeedQuerySet":
        """Return the feeds that have not been revoked."""
        return self.filter(revoked_at=None)


class CalendarFeed(BaseModel):
    """A secret URL from which calendar programs read a user's appointments without signing in.

    Only a hash of the token in the URL is stored.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=60)
    """The user's own name for it, for example the device that reads it."""
    last_read_at = models.DateTimeField(null=True)
    """Updated at most once an hour."""
    revoked_at = models.DateTimeField(null=True)
    content_digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the content that was returned last."""
    content_changed_at = models.DateTimeField(null=True)
    """When the content last changed, to the second."""

    objects: ClassVar = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)
