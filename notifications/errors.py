"""Errors of messages and calendar feeds."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class FeedLimitReached(DomainError):
    """The user has the maximum number of calendar links."""

    code = "limit_reached"
    message = _("You have reached the limit of calendar links. Revoke one that you no longer use.")
