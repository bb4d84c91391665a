"""The console's pages about the health of the installation: problems now, and past alarms."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext as _

from console.health import current_problems
from console.models import Alarm
from tenants.base.admin import ReadOnly
from tenants.base.clock import now
from tenants.models import Heartbeat, PeriodicRun

if TYPE_CHECKING:
    _Base = admin.AdminSite
else:
    _Base = object


class HealthPage(_Base):
    """Adds the page about the health of the installation to the console."""

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the page."""
        return [path("health/", self.admin_view(self.health_view), name="health"), *super().get_urls()]

    def health_view(self, request: HttpRequest) -> HttpResponse:
        """Show the problems at this moment, and when each process was last seen."""
        context: dict[str, Any] = {
            **self.each_context(request),
            "title": _("Health"),
            "problems": current_problems(now=now()),
            "heartbeats": Heartbeat.objects.all(),
            "runs": PeriodicRun.objects.all(),
        }
        return TemplateResponse(request, "console/health.html", context)


class AlarmAdmin(ReadOnly, admin.ModelAdmin[Alarm]):
    """Problems of the installation, present and past."""

    list_display = ("text", "raised_at", "cleared_at", "told_at")
    fields = ("text", "raised_at", "cleared_at", "told_at", "told_over_at")
