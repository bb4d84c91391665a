"""The `notifications` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Emails, calendar files and calendar feeds."""

    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Messages")

    def ready(self) -> None:
        """Register this app's queue handlers."""
        from notifications import tasks  # noqa: F401, PLC0415
