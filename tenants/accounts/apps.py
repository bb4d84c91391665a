"""The `accounts` app: the one that is in public and in every clinic."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who may sign in, and what proves that they did."""

    name = "tenants.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Say what becomes of sessions in a clinic that is restored, and of sign-ins that are kept."""
        from tenants.accounts import keeping, sign_in_changes  # noqa: F401, PLC0415
