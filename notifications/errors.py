"""Refusals of the notifications app."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class FeedLimitReached(DomainError):
    """The user has the maximum number of calendar feeds."""

    code = "limit_reached"
    message = _("You have reached the limit of calendar links. Revoke one that you do not use.")
