"""The console: Django Admin on the base domain, for operators."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from console.health_admin import HealthPage
from tenants.accounts.admin_site import SecureAdminSite
from tenants.accounts.models import User


class ConsoleSite(HealthPage, SecureAdminSite):
    """The site where operators manage clinics."""

    site_header = _("Operator console")
    site_title = _("Operator console")
    index_title = _("Clinics and operators")
    site_url = "/"

    def may_use_site(self, user: Any) -> bool:
        """Return whether `user` is an active operator. Operators exist in the public schema only."""
        return isinstance(user, User) and user.is_active and user.role == User.Role.OPERATOR


console = ConsoleSite(name="console")
