"""Messages in Django Admin: the ledger, a clinic's own wording, previews."""

from notifications.admin import messages, records, wording

__all__ = ["messages", "records", "wording"]
