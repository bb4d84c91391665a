"""The `notifications` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """What the clinic says to people."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Messages")

    def ready(self) -> None:
        """Tell the queue what this app does with its lines."""
        from notifications import tasks  # noqa: F401, PLC0415
