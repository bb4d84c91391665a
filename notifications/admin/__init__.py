"""Messages in Django Admin: the ledger, previews, a clinic's own wording, channels, notices and webhooks."""

from notifications.admin import (
    email_reports,
    messages,
    records,
    senders,
    sms,
    staff_notices,
    webhooks,
    wording,
)

__all__ = [
    "email_reports",
    "messages",
    "records",
    "senders",
    "sms",
    "staff_notices",
    "webhooks",
    "wording",
]
