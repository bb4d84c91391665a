"""Messages: planned from what happened, sent once. Calendar feeds: secret addresses of appointments."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models import BookingEvent
from tenants.accounts.models import User
from tenants.base.models import BaseModel
from tenants.links import message_id


class Message(BaseModel):
    """One message to one person about one event. Its text is made when it is sent."""

    class Kind(models.TextChoices):
        """What it tells."""

        CONFIRMATION = "confirmation", _("appointment confirmed")
        REQUESTED = "requested", _("appointment requested")
        RESCHEDULED = "rescheduled", _("appointment moved")
        CANCELLATION = "cancellation", _("appointment cancelled")
        OFFER = "offer", _("free time offered")

    event = models.ForeignKey(BookingEvent, on_delete=models.PROTECT, related_name="messages")
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("to"))
    kind = models.CharField(_("what"), max_length=16, choices=Kind.choices)
    due_at = models.DateTimeField(_("due"))
    not_after = models.DateTimeField(_("not after"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    dropped_at = models.DateTimeField(_("not sent"), null=True)
    dropped_because = models.CharField(_("why not"), max_length=40, blank=True)

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
        return f"{self.get_kind_display()} ({self.due_at:%Y-%m-%d %H:%M} UTC)"

    @property
    def message_id(self) -> str:
        """The Message-ID: fixed, so that a mail sent again is known as the same."""
        return message_id(self.pk)


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    """Feeds, in their owners' words."""

    def live(self) -> "CalendarFeedQuerySet":
        """Those that nobody has ended."""
        return self.filter(revoked_at=None)


class CalendarFeed(BaseModel):
    """A secret address at which calendar programs read their owner's appointments, who need not sign in.

    Of the token in the address only the hash is kept.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=60)
    """What the owner calls it, such as the device that reads it."""
    last_read_at = models.DateTimeField(null=True)
    """To the hour."""
    revoked_at = models.DateTimeField(null=True)
    content_digest = models.CharField(max_length=64, blank=True)
    """Of what was given at the last reading."""
    content_changed_at = models.DateTimeField(null=True)
    """Since when, to the second, that is what is given."""

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)
