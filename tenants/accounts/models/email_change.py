"""A request of a user to change their email address."""

from datetime import datetime

from django.conf import settings
from django.db import models

from tenants.base.models import BaseModel


class EmailChange(BaseModel):
    """A new email address that a user has asked for. It replaces the old one once the user confirms it.

    As with password resets, the token for the link is not stored: it is the signed id.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_changes")
    email = models.EmailField()
    """The new address."""
    old_email = models.EmailField(blank=True)
    """The confirmed address that gets the announcements; "" if the user never confirmed the old one."""
    token_version = models.PositiveIntegerField()
    """The user's version when the change was requested. The link stops working when it changes."""
    expires_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["expires_at"]

    def __str__(self) -> str:
        return f"{self.pk} until {self.expires_at}"

    def is_pending(self, *, now: datetime) -> bool:
        """Return whether the address can still be confirmed."""
        return self.confirmed_at is None and self.expires_at > now
