"""The `accounts` app. It is installed in public and in every clinic's schema."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, sessions and everything else about signing in."""

    name = "tenants.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Register the functions that run after a restore, before a session changes and when access ends."""
        from tenants.accounts import purge, session_signals  # noqa: F401, PLC0415
        from tenants.accounts.invitations import services as invitations  # noqa: F401, PLC0415
        from tenants.accounts.second_factor import enrolment  # noqa: F401, PLC0415
