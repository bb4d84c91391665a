"""Send emails through the mail server, several over one connection."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog
from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.errors import PermanentFailure
from notifications.mail_errors import failure_of_message
from notifications.models import Message
from notifications.services.outgoing import prepare
from notifications.smtp import EmailBackend
from tenants.queue.circuit_breaker import check_circuit, record_failure, record_success

_CONNECTION_LOST = "the connection to the mail server was lost"

log = structlog.get_logger(__name__)


class MailSession:
    """A connection to the mail server. It is opened when it is needed, and again if the server closed it."""

    def __init__(self) -> None:
        self._backend = get_connection()
        self._server = server_name()
        self._is_open = self._failed_before = self._was_used = False

    def send(self, email: EmailMultiAlternatives) -> str:
        """Send an email; return the provider's id of it, if it has one.

        :raises PermanentFailure: it will never be accepted
        :raises TemporaryFailure: it may be accepted later
        :raises CircuitOpen: the server has failed several times in a row, so it was not tried
        :raises OSError: the server cannot be reached, or the connection was lost
        """
        self._open()
        try:
            self._send(email)
        except Exception as error:
            self._after_error(error)
            raise
        self._succeeded()
        status = getattr(email, "anymail_status", None)
        return str(status.message_id or "") if status else ""

    def _send(self, email: EmailMultiAlternatives) -> None:
        """Send an email, on a new connection if the server has closed this one since it was last used."""
        try:
            self._backend.send_messages([email])
        except OSError as error:
            if not self._was_used or failure_of_message(error) or _may_be_accepted(self._backend):
                raise
            self.close()
            self._open()
            self._backend.send_messages([email])

    def close(self) -> None:
        """Close the connection, if there is one. It never fails."""
        if self._is_open:
            self._is_open = False
            try:
                self._backend.close()
            except OSError:
                log.info("mail_connection_lost", server=self._server)

    def _open(self) -> None:
        if self._is_open and _is_alive(self._backend):
            return
        self.close()
        self._failed_before = check_circuit(self._server)
        try:
            self._backend.open()
        except OSError as error:
            self._failed(error)
            raise
        self._is_open, self._was_used = True, False

    def _after_error(self, error: Exception) -> None:
        """Raise what the error means for the message. If it is about the server, count a failure of it."""
        if failure := failure_of_message(error):
            self._succeeded()  # the server works
            raise failure from error
        if isinstance(error, OSError | AnymailError):
            self.close()
            self._failed(error)
            raise OSError(f"{_CONNECTION_LOST}: {type(error).__name__}") from error

    def _failed(self, error: Exception) -> None:
        log.warning("mail_server_failed", server=self._server, error=type(error).__name__)
        record_failure(self._server, error=type(error).__name__)

    def _succeeded(self) -> None:
        if self._failed_before:
            record_success(self._server)
            self._failed_before = False
        self._was_used = True


def _is_alive(backend: object) -> bool:
    return backend.is_open if isinstance(backend, EmailBackend) else True


def _may_be_accepted(backend: object) -> bool:
    return not isinstance(backend, EmailBackend) or backend.has_handed_over


_session: ContextVar[MailSession | None] = ContextVar("mail_session", default=None)


@contextmanager
def mail_session() -> Iterator[None]:
    """Send all emails inside the block over one connection."""
    session = MailSession()
    token = _session.set(session)
    try:
        yield
    finally:
        _session.reset(token)
        session.close()


def deliver(
    email: EmailMultiAlternatives, *, about: uuid.UUID | None = None, on_accepted: Callable[[str], object]
) -> None:
    """Send an email over the connection of the `mail_session` block, or over its own.

    :param about: the id of the row that the email is about, which comes back in reports of the mail service
    :param on_accepted: records that the server has accepted the email; takes the provider's id or ""
    :raises PermanentFailure: the server, or the library that writes to it, refused it for good
    :raises TemporaryFailure: the server refused it for now
    :raises CircuitOpen: the server has failed several times in a row, so it was not tried
    :raises OSError: the mail server cannot be reached, or the connection was lost
    """
    session = _session.get()
    if session is None:
        with mail_session():
            deliver(email, about=about, on_accepted=on_accepted)
        return
    if not email.to:  # see `envelope_fields`
        raise PermanentFailure(Message.Parked.BAD_ADDRESS)
    prepare(email, about=about)
    # Before closing the connection: the shorter the time between acceptance and this record, the less likely
    # it is that a second email is sent after a crash of the worker.
    on_accepted(session.send(email))


def server_name() -> str:
    """Return the name of the installation's mail server or email service, for the circuit breaker."""
    if settings.EMAIL_BACKEND.startswith("anymail."):
        return f"mail:{settings.EMAIL_BACKEND.split('.')[2]}"
    return f"smtp:{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"


def log_refusal(failure: PermanentFailure, *, about: str) -> None:
    """Log that an email was refused for good. `about` is the id of the row that it is about."""
    # Only the code: servers repeat the address in their answers.
    log.error("message_refused", message=about, because=failure.because, code=failure.answer[:3])
