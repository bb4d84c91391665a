"""Send an email through the mail server."""

from collections.abc import Callable
from smtplib import SMTPRecipientsRefused

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.services.outgoing import prepare

_PERMANENT = 500
"""SMTP reply codes from here on are permanent failures (RFC 5321, section 4.2.1)."""

log = structlog.get_logger(__name__)


def deliver(email: EmailMultiAlternatives, *, about: str, on_accepted: Callable[[], object]) -> bool:
    """Send `email`.

    :param about: the id of the row that the email is about, for the log
    :param on_accepted: records that the server has accepted the email
    :return: whether the server accepted it; False if it rejected the address permanently
    :raises OSError: the mail server cannot be reached, or refuses temporarily
    """
    if not email.to:
        log.error("message_without_address", message=about)
        return False
    prepare(email, about=about)
    try:
        with get_connection() as server:
            server.send_messages([email])
            # Before closing the connection: the shorter the time between acceptance and this record, the less
            # likely it is that a second email is sent after a crash of the worker.
            on_accepted()
    except SMTPRecipientsRefused as error:
        if any(code < _PERMANENT for code, _message in error.recipients.values()):
            raise
        log.error("message_refused", message=about)
        return False
    return True
