"""What admin pages share whose rows decide which times are open."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse

from scheduling.availability_cache import availability_changes

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = object


class OpensTimes(_Base):
    """What patients see of open times follows at once."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add or change."""
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        with availability_changes():
            return super().changeform_view(request, *args, **kwargs)


class IsSwitchedOff(_Base):
    """Bookings refer to it, so it is switched off and not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody; there is a box for it to be used no more."""
        return False
