"""Handing a letter to the mail server."""

from smtplib import SMTPRecipientsRefused

import structlog
from django.core.mail import EmailMultiAlternatives

REFUSED_FOR_GOOD = 500

log = structlog.get_logger(__name__)


def deliver(letter: EmailMultiAlternatives, *, about: str) -> bool:
    """Send `letter`.

    :param about: the id of the row it is about, for the log
    :return: whether it was taken; not when its address is refused for good
    :raises OSError: the mail server cannot be reached, or does not take it at the moment
    """
    try:
        letter.send()
    except SMTPRecipientsRefused as refused:
        if any(code < REFUSED_FOR_GOOD for code, _words in refused.recipients.values()):
            raise
        log.error("message_refused", message=about)
        return False
    return True
