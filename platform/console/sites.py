"""The console: Django's admin on the base domain, for operators."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tenants.accounts.models import User
from tenants.accounts.sites import StrictAdminSite


class ConsoleSite(StrictAdminSite):
    """Where operators open and watch clinics."""

    site_header = _("Operators' console")
    site_title = _("Console")
    index_title = _("This installation")
    site_url = "/"

    def belongs(self, user: Any) -> bool:
        """Operators only, and only those of public, where this host's sessions are."""
        return isinstance(user, User) and user.is_active and user.role == User.Role.OPERATOR


console = ConsoleSite(name="console")
