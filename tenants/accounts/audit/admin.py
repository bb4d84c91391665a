"""The audit log in Django Admin."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.accounts.models import User
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.base.admin import ReadOnly


def type_of_record(kind: str) -> str:
    """Return the name of a model by its label, for example “booking” for `scheduling.booking`."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind


class KindFilter(admin.AllValuesFieldListFilter):
    """Filters by type of record, with the names of the models."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Return the choices."""
        return (
            {**choice, "display": type_of_record(str(choice["display"]))}
            for choice in super().choices(changelist)
        )


class StaffFilter(admin.SimpleListFilter):
    """Filters by member of staff. There are too many patients for a list; use the search for them."""

    title = _("user")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return all users except patients."""
        staff = User.objects.exclude(role=User.Role.PATIENT)
        return [(str(user.pk), user.get_full_name()) for user in staff]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Filter by user. An id that is not in the list matches nothing."""
        chosen = self.value()
        if chosen is None:
            return queryset
        known = {pk for pk, _name in self.lookup_choices}
        return queryset.filter(by_id=UUID(chosen)) if chosen in known else queryset.none()


@admin.register(AuditEntry)
class AuditAdmin(ReadOnly, admin.ModelAdmin[AuditEntry]):
    """The entries of the audit log, newest first."""

    list_display = ("at", "by", "what", "record_type", "record_id", "address", "note")
    list_filter = ("what", StaffFilter, ("kind", KindFilter))
    list_select_related = ("by",)
    search_fields = ("=record_id", "=by__email")
    search_help_text = _("Search for a record ID, or for the email address of a user")
    date_hierarchy = "at"
    show_full_result_count = False
    fields = ("at", "by", "what", "record_type", "record_id", "address", "note")

    @admin.display(description=_("type of record"), ordering="kind")
    def record_type(self, entry: AuditEntry) -> str:
        """Return the name of the record's model."""
        return type_of_record(entry.kind)
