"""Base classes of the admin pages for rows that affect which times are open."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse

from scheduling.availability.cache import availability_changes

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = object


class InvalidatesAvailability(_Base):
    """Invalidates the availability cache after a change."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add or change a row, and invalidate the cache if it is saved."""
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        with availability_changes():
            return super().changeform_view(request, *args, **kwargs)


class NotDeletable(_Base):
    """Forbids deleting: bookings refer to these rows, so staff deactivate them instead."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Forbid deleting: staff clear the checkbox “in use” instead."""
        return False
