"""Messages in Django Admin: the ledger, previews, a clinic's own wording, webhooks."""

from notifications import webhooks_admin
from notifications.admin import messages, records, wording

__all__ = ["messages", "records", "webhooks_admin", "wording"]
