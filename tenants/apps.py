"""The `tenants` app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """Whose data this is and who is asking."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Clinics")

    def ready(self) -> None:
        """Raise the walls again whenever `public` was migrated: there may be new tables."""
        post_migrate.connect(raise_walls_around_public, sender=self)


def raise_walls_around_public(**_kwargs: Any) -> None:
    """Say who may touch what, once all tables of `public` are there."""
    # Models are not loaded when this module is.
    from tenants.door import is_in_public  # noqa: PLC0415
    from tenants.services.walls import raise_walls  # noqa: PLC0415

    if is_in_public():
        raise_walls()
