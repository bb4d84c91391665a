"""Base classes of the admin pages for rows that affect which times are open."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse

from clinics.models import Doctor
from scheduling.availability.cache import availability_changes
from scheduling.availability.changed_times import any_time_of
from scheduling.availability.next_open_slot import on_rules_changed
from tenants.base.clock import now

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = object


class InvalidatesAvailability(_Base):
    """Invalidates the availability cache after a change.

    In its transaction, holds that break a rule end, and times that opened are offered to the waiting list.
    """

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the related rows, then act on the change."""
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            on_rules_changed(any_time_of(self.doctor_concerned(form.instance), now=now()), now=now())

    def doctor_concerned(self, obj: Any) -> Doctor | None:
        """Return the doctor whose times the change concerns; None: those of all doctors."""
        return obj if isinstance(obj, Doctor) else None

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
