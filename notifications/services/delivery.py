"""Handing a letter to the mail server."""

from collections.abc import Callable
from smtplib import SMTPRecipientsRefused

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection

REFUSED_FOR_GOOD = 500

log = structlog.get_logger(__name__)


def deliver(letter: EmailMultiAlternatives, *, about: str, note: Callable[[], object]) -> bool:
    """Send `letter`.

    :param about: the id of the row it is about, for the log
    :param note: writes down that the server has taken it
    :return: whether it was taken; not when its address is refused for good
    :raises OSError: the mail server cannot be reached, or does not take it at the moment
    """
    try:
        with get_connection() as server:
            server.send_messages([letter])
            # Before saying goodbye to the server: the less lies between its word and our note of it, the
            # seldomer a worker that dies leaves a mail to be sent again.
            note()
    except SMTPRecipientsRefused as refused:
        if any(code < REFUSED_FOR_GOOD for code, _words in refused.recipients.values()):
            raise
        log.error("message_refused", message=about)
        return False
    return True
