"""Messages in Django Admin: the ledger, previews, a clinic's own wording, channels, notices and webhooks."""

from notifications import email_reports_admin, senders_admin, sms_admin, staff_notices_admin, webhooks_admin
from notifications.admin import messages, records, wording

__all__ = [
    "email_reports_admin",
    "messages",
    "records",
    "senders_admin",
    "sms_admin",
    "staff_notices_admin",
    "webhooks_admin",
    "wording",
]
