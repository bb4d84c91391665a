"""The clinic's own sender of emails: its DKIM key, the check of its DNS records, and signing."""

import re
import secrets
import uuid
from datetime import datetime

import dkim
import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from notifications.envelope import active_sender
from notifications.models import EmailSender
from notifications.sender_records import missing_records, new_key
from tenants.queue.jobs import enqueue
from tenants.services.encryption import SecretUnreadable, decrypt_secret, encrypt_secret

_SIGNED_HEADERS = [
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version", b"content-type",
    b"content-transfer-encoding", b"list-unsubscribe", b"list-unsubscribe-post",
]  # fmt: skip
"""RFC 6376, section 5.4.1; and RFC 8058 asks for the last two."""
_KIND = "email_sender"

log = structlog.get_logger(__name__)


@transaction.atomic
def save_sender(sender: EmailSender, *, now: datetime) -> EmailSender:
    """Store a sender, and have its DNS records checked. A changed domain gets a key of its own first."""
    stored = EmailSender.objects.select_for_update().filter(pk=sender.pk).first()
    if stored is None or stored.domain != sender.domain or not sender.private_key:
        _renew_key(sender)
    sender.save()
    if sender.domain:
        enqueue(kind=_KIND, row_id=sender.pk, due_at=now)
    return sender


def check_sender(*, sender_id: uuid.UUID, now: datetime) -> bool:
    """Look for the DNS records of a sender's domain. Must be called outside any transaction.

    :return: whether all required ones are there
    """
    sender = EmailSender.objects.exclude(domain="").filter(pk=sender_id).first()
    if sender is None:
        return False
    missing = missing_records(sender)
    changes: dict[str, object] = {"checked_at": now, "missing": missing}
    if not missing:
        changes["verified_at"] = now
    # Not if the domain was changed meanwhile: then it has another key.
    EmailSender.objects.filter(pk=sender.pk, public_key=sender.public_key).update(**changes)
    return not missing


def check_all_senders(*, now: datetime) -> None:
    """Check the clinic's sender again, if it has its own domain."""
    for sender_id in EmailSender.objects.exclude(domain="").values_list("pk", flat=True):
        check_sender(sender_id=sender_id, now=now)


def renew_keys_after_restore() -> None:
    """Give the sender of a restored clinic a new key: the old one belongs to the exported clinic."""
    for sender in EmailSender.objects.exclude(domain=""):
        _renew_key(sender)
        sender.save()


def sign(email: EmailMessage, *, now: datetime) -> None:
    """Have an email signed when it is sent, if its sender is at the clinic's own domain (DKIM, RFC 6376).

    Mail services sign with keys of their own.
    """
    sender = active_sender()
    if sender is None or not sender.is_verified(now=now) or not settings.EMAIL_SIGNED_HERE:
        return
    try:
        key = decrypt_secret(sender.private_key).encode()
    except SecretUnreadable:
        log.error("dkim_key_unreadable")
        return
    make_message = email.message

    def signed_message(*args: object, **kwargs: object) -> object:
        message = make_message(*args, **kwargs)
        signature = dkim.sign(
            message.as_bytes(linesep="\r\n"),
            sender.selector.encode(),
            sender.domain.encode(),
            key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name for name in _SIGNED_HEADERS if message[name.decode()] is not None],
        )
        value = signature.decode().removeprefix("DKIM-Signature:")
        # In one line, which the generator folds as it folds all headers.
        message["DKIM-Signature"] = re.sub(r"\s+", " ", value).strip()
        return message

    email.message = signed_message  # type: ignore[method-assign,assignment]


def _renew_key(sender: EmailSender) -> None:
    sender.verified_at = sender.checked_at = None
    sender.missing = []
    if not sender.domain:
        sender.selector = sender.public_key = sender.private_key = ""
        return
    private, sender.public_key = new_key()
    sender.private_key = encrypt_secret(private)
    sender.selector = f"clinic-{secrets.token_hex(4)}"
