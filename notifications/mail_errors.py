"""What the errors of mail servers and email services mean for the message that they are about."""

from http import HTTPStatus
from smtplib import (
    SMTPDataError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)

from anymail.exceptions import AnymailAPIError, AnymailInvalidAddress, AnymailRecipientsRefused

from notifications.errors import PermanentFailure, TemporaryFailure
from notifications.models import Message

_PERMANENT = 500
"""SMTP reply codes from here on are permanent failures (RFC 5321, section 4.2.1)."""
_MAILBOX_FULL = 552
"""A permanent code, but the recipient can delete messages. The same holds for x.2.2 (RFC 3463)."""
_ABOUT_THE_SESSION = frozenset({421, 503, 530, 534, 535, 538, 454})
"""Codes about the connection or the login of the installation, not about the message."""
# UnicodeError is a ValueError: the address cannot be written in ASCII, and the server wants that.
_BAD_ADDRESS = (AnymailInvalidAddress, SMTPNotSupportedError, ValueError)
_ABOUT_THE_SERVICE = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.PAYMENT_REQUIRED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)


def failure_of_message(error: Exception) -> PermanentFailure | TemporaryFailure | None:
    """Return what an error says about the message; None if it is about the server or the installation."""
    if isinstance(error, AnymailRecipientsRefused):
        return PermanentFailure(Message.Parked.REFUSED, _first_line(str(error)))
    if isinstance(error, AnymailAPIError):
        return _from_http_status(error)
    if isinstance(error, SMTPRecipientsRefused):
        return _from_smtp_code(*next(iter(error.recipients.values())))
    if isinstance(error, SMTPSenderRefused | SMTPDataError):
        return _from_smtp_code(error.smtp_code, error.smtp_error)
    if isinstance(error, _BAD_ADDRESS):
        return PermanentFailure(Message.Parked.BAD_ADDRESS, type(error).__name__)
    return None


def _from_smtp_code(code: int, text: bytes | str) -> PermanentFailure | TemporaryFailure | None:
    answer = f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    if code in _ABOUT_THE_SESSION or code < 0:
        return None
    is_full = code == _MAILBOX_FULL or " 5.2.2" in f" {answer[4:]}"
    if code >= _PERMANENT and not is_full:
        return PermanentFailure(Message.Parked.REFUSED, answer)
    return TemporaryFailure(answer)


def _from_http_status(error: AnymailAPIError) -> PermanentFailure | None:
    status = error.status_code
    if status is None or status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _ABOUT_THE_SERVICE:
        return None
    return PermanentFailure(Message.Parked.REFUSED, f"HTTP {status}")


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""
