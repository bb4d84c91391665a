"""Messages: planned from what happened, sent once."""

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
        CANCELLATION = "cancellation", _("appointment cancelled")

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
