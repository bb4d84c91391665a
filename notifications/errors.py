"""What this app refuses, and why."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class FeedLimitReached(DomainError):
    """Nobody has so many calendars; whoever seems to has lost count of who reads along."""

    code = "limit_reached"
    message = _("You have as many calendar addresses as one can have. Delete one that you do not use.")
