"""The audit log in Django Admin."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tenants.accounts.audit.admin_mixins import admin_user
from tenants.accounts.audit.csv_export import csv_lines
from tenants.accounts.audit.records import (
    about_patient,
    change_lines,
    describe_records,
    done_by,
    person_name,
    type_of_record,
)
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.base.admin import ReadOnly
from tenants.base.clock import now
from tenants.current import current_clinic_or_none

_PATIENT_KINDS = {"clinics.patient", "scheduling.booking", "scheduling.waitlistentry", "scheduling.series"}


class KindFilter(admin.AllValuesFieldListFilter):
    """Filters by type of record, with the names of the models."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Return the choices."""
        return (
            {**choice, "display": type_of_record(str(choice["display"]))}
            for choice in super().choices(changelist)
        )


class _SearchBox(admin.SimpleListFilter):
    """A filter with a text box, because there are too many people for a list."""

    template = "accounts/audit_search_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return no choices."""
        return []

    def has_output(self) -> bool:
        """Show the box."""
        return True

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Return the text, and the other filters, which the form keeps."""
        others = {
            name: value
            for name, values in changelist.get_filters_params().items()
            if name != self.parameter_name
            for value in (values if isinstance(values, list) else [values])
        }
        yield {"name": self.parameter_name, "value": self.value() or "", "others": others.items()}


class PersonFilter(_SearchBox):
    """Filters by the user who did it."""

    title = _("person who did it")
    parameter_name = "by"

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Filter by name, email address or id."""
        text = (self.value() or "").replace("\0", "").strip()
        return queryset.filter(done_by(text)) if text else queryset


class PatientFilter(_SearchBox):
    """Filters by the patient whose record, account or booking an entry is about."""

    title = _("patient")
    parameter_name = "patient"

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Filter by name, telephone number, email address or id."""
        text = (self.value() or "").replace("\0", "").strip()
        return queryset.filter(about_patient(text)) if text else queryset


@admin.register(AuditEntry)
class AuditAdmin(ReadOnly, admin.ModelAdmin[AuditEntry]):
    """The entries of the audit log, newest first."""

    list_display = ("at", "person", "what", "record", "change_text", "address", "note")
    list_select_related = ("by",)
    search_fields = ("=record_id", "=by__email")
    search_help_text = _("Search for a record ID, or for the email address of a user")
    date_hierarchy = "at"
    show_full_result_count = False
    fields = ("at", "person", "what", "record", "record_id", "change_text", "address", "note")
    change_list_template = "accounts/audit_change_list.html"

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Return the filters. The platform has no patients."""
        in_clinic = current_clinic_or_none() is not None
        return (PersonFilter, *([PatientFilter] if in_clinic else []), "what", ("kind", KindFilter))

    def get_urls(self) -> list[URLPattern]:
        """Add the export."""
        export = self.admin_site.admin_view(self.export_view)
        return [path("export/", export, name="accounts_auditentry_export"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list, with the records in words. Naming patients is itself logged."""
        page = super().changelist_view(request, *args, **kwargs)
        changelist = (getattr(page, "context_data", None) or {}).get("cl")
        if changelist is not None:
            self._describe(request, list(changelist.result_list))
        return page

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return an entry, with its record in words."""
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            self._describe(request, [entry])
        return entry

    def export_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """Return the entries that match the list's filters as a CSV file.

        :raises PermissionDenied: the user may not see the log
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        entries = self.get_changelist_instance(request).get_queryset(request).select_related("by")
        newest = AuditEntry.objects.order_by("-id").values_list("pk", flat=True).first() or 0
        self._log_access(request, AuditAction.EXPORTED, note="CSV")
        response = StreamingHttpResponse(
            csv_lines(entries, newest=newest, viewer=request.user), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="audit-log-{now():%Y-%m-%d}.csv"'
        response["Cache-Control"] = "no-store"
        return response

    @admin.display(description=_("by"), ordering="by")
    def person(self, entry: AuditEntry) -> str:
        """Return the name of the user."""
        return person_name(entry.by) or "—"

    @admin.display(description=_("record"), ordering="kind")
    def record(self, entry: AuditEntry) -> str:
        """Return the record in words, or its type and id if it is gone or the user may not see it."""
        return record_text(entry, getattr(entry, "record_words", None))

    @admin.display(description=_("changes"))
    def change_text(self, entry: AuditEntry) -> str:
        """Return what was changed, one line for each field."""
        return format_html_join("", "<div>{}</div>", ((line,) for line in change_lines(entry)))

    def _describe(self, request: HttpRequest, entries: list[AuditEntry]) -> None:
        words = describe_records(entries, viewer=request.user)
        for entry in entries:
            entry.record_words = words.get((entry.kind, entry.record_id))  # type: ignore[attr-defined]
        named = [entry for entry in entries if (entry.kind, entry.record_id) in words]
        if any(entry.kind in _PATIENT_KINDS for entry in named):
            ids = [entry.pk for entry in named]
            note = f"entries {min(ids)} to {max(ids)}"
            self._log_access(request, AuditAction.LISTED, note=note)

    def _log_access(self, request: HttpRequest, what: AuditEntry.Action, *, note: str) -> None:
        write_audit_entries(what=what, by=admin_user(request), about=[AuditEntry()], note=note)


def record_text(entry: AuditEntry, words: str | None) -> str:
    """Return the record of an entry in words. `words` names it; None if it is gone or hidden."""
    kind = capfirst(type_of_record(entry.kind))
    if words is None:
        return f"{kind} {entry.record_id}".strip()
    return words if words.startswith(kind) else f"{kind}: {words}"
