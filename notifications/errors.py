"""Errors of messages and calendar feeds."""

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


class PermanentFailure(Exception):
    """A message cannot be delivered, and sending it again would not help."""

    def __init__(self, because: str, answer: str = "") -> None:
        """Name the reason (`Message.Parked`) and the server's answer, without any text of the message."""
        super().__init__(because, answer)
        self.because, self.answer = because, answer
