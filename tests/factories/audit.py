"""What the audit log of where the test is says."""

from tenants.accounts.models import AuditEntry

Entry = tuple[str, str, str]


def entries(*, kind: str | None = None) -> list[Entry]:
    """What, kind and id of every entry, oldest first; of one kind where one is named."""
    found = AuditEntry.objects.order_by("id")
    rows = found if kind is None else found.filter(kind=kind)
    return [(row.what, row.kind, row.record_id) for row in rows]
