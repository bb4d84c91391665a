"""Entries of the current clinic's audit log."""

from tenants.accounts.models import AuditEntry

Entry = tuple[str, str, str]


def audit_entries(*, kind: str | None = None) -> list[Entry]:
    """Return action, kind and id of every entry, oldest first; only entries of `kind` if it is given."""
    queryset = AuditEntry.objects.order_by("id")
    selected = queryset if kind is None else queryset.filter(kind=kind)
    return [(entry.what, entry.kind, entry.record_id) for entry in selected]
