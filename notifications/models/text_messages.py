"""What was sent by text message, what the provider reported about it, and what it cost."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.models.messages import Message
from tenants.base.models import BaseModel


class TextMessage(BaseModel):
    """A text message that the provider has accepted. It contains neither the text nor the number."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="text_messages")
    """None for a test message."""
    number_digest = models.CharField(max_length=64, editable=False)
    """A keyed hash of the number."""
    provider_id = models.CharField(max_length=200, blank=True, db_default="")
    month = models.DateField()
    """The first day of the clinic's local month to whose limit it counts."""
    segments = models.PositiveSmallIntegerField(default=1, db_default=1)
    price = models.DecimalField(max_digits=10, decimal_places=5, null=True)
    """For all segments, as the provider reported it; None if it did not."""
    currency = models.CharField(max_length=3, blank=True, db_default="")
    """The currency of `price`."""
    sent_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=80, blank=True, db_default="")
    """The provider's code or word for why it failed."""

    class Meta:
        ordering = ["-sent_at", "id"]
        indexes = [models.Index(fields=["month"], name="textmessage_by_month")]
        constraints = [
            models.UniqueConstraint(
                fields=["provider_id"], condition=~Q(provider_id=""), name="textmessage_once_per_provider_id"
            ),
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(failed_at=None), name="textmessage_is_delivered_or_failed"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SmsMonth(BaseModel):
    """How many segments of text messages were sent in a local month of the clinic, for the limit."""

    month = models.DateField(_("month"), unique=True)
    """Its first day."""
    segments = models.PositiveIntegerField(default=0, db_default=0)
    """Reserved before sending and given back if the provider did not accept the message."""
    warned_at = models.DateTimeField(null=True)
    """When admins were warned that the limit is near."""

    class Meta:
        ordering = ["-month"]

    def __str__(self) -> str:
        return str(self.month)


class InboundText(BaseModel):
    """The id of a text message that a patient sent to the clinic, so that a repeated report has no effect."""

    provider_id = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return str(self.pk)
