"""Mixins for admin pages that write the audit log: for changes, and for reading patients' records."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from tenants.accounts.audit.changes import form_changes
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = object


def admin_user(request: HttpRequest) -> User | None:
    """Return the user who is signed in to the admin."""
    return request.user if isinstance(request.user, User) else None


class AuditChanges(_Base):
    """Writes an audit entry for every row that is added, changed or removed on the page.

    The entry names the changed fields.
    """

    audit_values: ClassVar[Collection[str] | bool] = ()
    """The fields, and names of the inlines' models, whose old and new values are logged; True for all.

    Never fields of personal data: their values could not be erased from the log.
    """

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, dict[str, list[str]]]]:
        """Return Django's message, and remember what was changed for the entry."""
        if not add:
            request.audit_changes = form_changes(  # type: ignore[attr-defined]
                form, formsets or (), values_of=self.audit_values
            )
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log an added row. Django calls this once per row."""
        write_audit_entries(what=AuditAction.ADDED, by=admin_user(request), about=[obj])
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Log a changed row, including a changed password."""
        write_audit_entries(
            what=AuditAction.CHANGED,
            by=admin_user(request),
            about=[obj],
            changes=getattr(request, "audit_changes", None),
        )
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Log rows that are about to be removed."""
        write_audit_entries(what=AuditAction.REMOVED, by=admin_user(request), about=queryset)
        return super().log_deletions(request, queryset)


class AuditViews(_Base):
    """Writes an audit entry when a record's page is opened."""

    def subjects(self, obj: Any) -> list[Model]:
        """Return the records that are shown on `obj`'s page."""
        return [obj]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Log and show the page of a record."""
        obj = kwargs.get("obj")
        if obj is not None and kwargs.get("change"):
            write_audit_entries(what=AuditAction.READ, by=admin_user(request), about=self.subjects(obj))
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Log and show the history of a record, which includes its name."""
        page = super().history_view(request, object_id, *args, **kwargs)
        obj = (getattr(page, "context_data", None) or {}).get("object")
        if obj is not None:
            write_audit_entries(what=AuditAction.READ, by=admin_user(request), about=self.subjects(obj))
        return page


class AuditLists(_Base):
    """Writes an audit entry for every patient shown in a list, a search or a field's suggestions."""

    def audited_record(self, obj: Any) -> Model | None:
        """Return the record that is shown in `obj`'s row; None if it is not a patient's."""
        row: Model = obj
        return row

    def audit_listed(self, request: HttpRequest, rows: Iterable[Any]) -> None:
        """Log the records that are shown in these rows, each once."""
        records = {record.pk: record for record in map(self.audited_record, rows) if record is not None}
        write_audit_entries(what=AuditAction.LISTED, by=admin_user(request), about=records.values())

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Log and show the list."""
        page = super().changelist_view(request, *args, **kwargs)
        changelist = (getattr(page, "context_data", None) or {}).get("cl")
        if changelist is not None:
            self.audit_listed(request, changelist.result_list)
        return page
