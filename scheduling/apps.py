"""The `scheduling` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    """Hours, slots and bookings."""

    name = "scheduling"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("schedule")

    def ready(self) -> None:
        """Tell the queue what this app does with its lines."""
        from scheduling import tasks  # noqa: F401, PLC0415
