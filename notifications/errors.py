"""Errors of messages and calendar feeds."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class FeedLimitReached(DomainError):
    """The user has the maximum number of calendar links."""

    code = "limit_reached"
    message = _("You have reached the limit of calendar links. Revoke one that you no longer use.")


class SignatureInvalid(DomainError):
    """A report was not signed by the clinic's provider, or is too old."""

    code = "signature_invalid"
    message = _("The signature is not valid.")
    status = 403


class WebhookLimitReached(DomainError):
    """The clinic has the maximum number of webhooks."""

    code = "limit_reached"
    message = _("You have reached the limit of webhooks. Delete one that you no longer use.")


class WebhookOff(DomainError):
    """The webhook is off, so nothing is delivered."""

    code = "webhook_off"
    message = _("This webhook is off. Switch it on first.")
    status = 409


class PermanentFailure(Exception):
    """A message cannot be delivered, and sending it again would not help."""

    def __init__(self, because: str, answer: str = "") -> None:
        """Name the reason (`Message.Parked`) and the server's answer, without any text of the message."""
        super().__init__(because, answer)
        self.because, self.answer = because, answer


class TemporaryFailure(Exception):
    """A message was refused for now, such as by a full mailbox. It is sent again a limited number of times.

    A server that cannot be reached raises OSError instead. That is not counted: it is not about the message.
    """

    def __init__(self, answer: str = "", *, retry_after: timedelta = timedelta()) -> None:
        """Name the server's answer, without any text of the message, and how long it asks to wait."""
        super().__init__(answer)
        self.answer, self.retry_after = answer, retry_after


class NotRendered(Exception):
    """The text of a message could not be made."""
