"""Which optional messages a user wants to receive, and over which channel."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.models.messages import Channel
from tenants.accounts.models import User
from tenants.base.models import BaseModel


class MessagePreference(BaseModel):
    """A user's choice for one topic and channel. Without a row, the topic's default applies."""

    class Topic(models.TextChoices):
        """A group of optional messages. Messages without a topic are always sent."""

        REMINDERS = "reminders", _("reminders")
        QUESTIONNAIRES = "questionnaires", _("questions before a visit")
        FOLLOW_UPS = "follow_ups", _("follow-up messages")
        OFFERS = "offers", _("waiting list offers")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="message_preferences")
    topic = models.CharField(_("topic"), max_length=16, choices=Topic.choices)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    is_wanted = models.BooleanField(_("wanted"))

    class Meta:
        verbose_name = _("message preference")
        verbose_name_plural = _("message preferences")
        ordering = ["user", "topic", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "topic", "channel"], name="messagepreference_once_per_channel"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic}, {self.channel}"
