"""The `tenants` app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """Clinics, host names and everything that decides which clinic a request or task belongs to."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Clinics")

    def ready(self) -> None:
        """Grant database privileges again after `public` was migrated, because there may be new tables."""
        post_migrate.connect(_grant_privileges, sender=self)


def _grant_privileges(**_kwargs: Any) -> None:
    """Grant the roles their privileges once all tables of `public` exist."""
    # Models are not loaded yet when this module is imported.
    from tenants.current import is_in_public  # noqa: PLC0415
    from tenants.services.db_roles import update_roles_and_grants  # noqa: PLC0415

    if is_in_public():
        update_roles_and_grants()
