"""Base classes for admin pages whose rows decide which times are open."""

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
        """Add or change a row."""
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        with availability_changes():
            return super().changeform_view(request, *args, **kwargs)


class NotDeletable(_Base):
    """Bookings refer to these rows, so they are switched off instead of deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Forbid deleting: a checkbox takes the row out of use."""
        return False
