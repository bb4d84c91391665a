"""A clinic's own wording of messages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.models.messages import Channel, Message
from tenants.base.models import BaseModel

OWN_WORDING_KINDS = (
    Message.Kind.CONFIRMATION,
    Message.Kind.REQUESTED,
    Message.Kind.RESCHEDULED,
    Message.Kind.DETAILS_CHANGED,
    Message.Kind.CANCELLATION,
    Message.Kind.REMINDER,
    Message.Kind.QUESTIONNAIRE,
    Message.Kind.FOLLOW_UP,
    Message.Kind.OFFER,
    Message.Kind.OFFER_WITHDRAWN,
)
"""The kinds of messages to patients. Messages to staff have no wording of the clinic."""


class MessageWording(BaseModel):
    """The clinic's subject and opening paragraphs of one kind of message, instead of the standard ones."""

    kind = models.CharField(
        _("message"), max_length=24, choices=[(kind.value, kind.label) for kind in OWN_WORDING_KINDS]
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    language = models.CharField(_("language"), max_length=8, default="en", db_default="en")
    """The language of the text, without a region: `en` is for all kinds of English."""
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    body = models.TextField(_("text"), max_length=2000)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wording of messages")
        ordering = ["kind", "channel", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "channel", "language"], name="messagewording_one_per_message"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_channel_display()}"
