"""Calendar feeds."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.accounts.models import User
from tenants.base.models import BaseModel, BaseQuerySet


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
