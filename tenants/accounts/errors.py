"""Errors of sign-in and of user accounts."""

from math import ceil

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tenants.base.errors import DomainError, Text


class InvalidCredentials(DomainError):
    """The email address or the password is wrong. The response does not say which."""

    code = "invalid_credentials"
    message = _("This email address and password do not match. Check both and try again.")
    status = 401


class SessionEnded(DomainError):
    """The refresh token was used, revoked, issued by another clinic, or is not a token at all."""

    code = "session_ended"
    message = _("Your session has ended. Sign in again.")
    status = 401


class ForeignOrigin(DomainError):
    """A page of another origin uses this browser's session cookie."""

    code = "foreign_origin"
    message = _("This only works on the clinic's own website. Open that website and try again.")
    status = 403


class EmailTaken(DomainError):
    """The email address belongs to another account. Registering never raises it."""

    code = "email_taken"
    message = _("There is already an account with this email address. Sign in instead.")
    status = 409


class LinkInvalid(DomainError):
    """The link was used, has expired, belongs to another clinic or is forged.

    The response does not say which.
    """

    code = "link_over"
    message = _("This link no longer works. Ask for a new one.")
    status = 409


class CodeOver(DomainError):
    """The code was used, has expired or was entered too often, or this browser has not requested one.

    The response does not say which.
    """

    code = "code_over"
    message = _("This code no longer works. Get a new one.")
    status = 409


class NoEmailChange(DomainError):
    """No new email address waits for its confirmation: it is confirmed, was cancelled or has expired."""

    code = "no_email_change"
    message = _("There is no new email address to confirm any more. Enter it again.")
    status = 409


class PasswordRequired(DomainError):
    """A confirmation link is used outside a session of its account, so the account's password is needed."""

    code = "password_required"
    message = _("Enter the password of this account. If you do not know it, choose a new password.")
    status = 400


class EmailNotConfirmed(DomainError):
    """An account with an unconfirmed address cannot become staff: it may be a stranger's."""

    code = "email_not_confirmed"
    message = _("This person has not confirmed their email address. Send them a staff invitation instead.")
    status = 409


class AddressNotConfirmed(DomainError):
    """Emails to an address are held, and nobody has confirmed that they read it."""

    code = "address_not_confirmed"
    message = _("You have not confirmed this email address. Enter another one.")
    status = 409


class AddressWorks(DomainError):
    """No emails to the address are held."""

    code = "address_works"
    message = _("We already send emails to your address.")
    status = 409


class AlreadyInvited(DomainError):
    """There is an open invitation for this email address."""

    code = "already_invited"
    message = _("This email address already has an invitation. Send that invitation again, or withdraw it.")
    status = 409


class InvitationInvalid(DomainError):
    """The invitation was used or withdrawn, has expired, or is another clinic's.

    The response does not say which.
    """

    code = "invitation_over"
    message = _("This invitation no longer works. Ask the clinic for a new one.")
    status = 409


class SecondFactorRequired(DomainError):
    """The password is correct and a code is required. `data` has the challenge to send with the code."""

    code = "second_factor_required"
    message = _("Enter the code from your authenticator app.")
    status = 401


class ChallengeExpired(DomainError):
    """The challenge has expired, belongs to another clinic or is not a challenge of ours."""

    code = "challenge_over"
    message = _("Your sign-in took too long. Sign in again.")
    status = 401


class SecondFactorAlreadyOn(DomainError):
    """Two-step sign-in is already on."""

    code = "second_factor_on"
    message = _("Two-step sign-in is already on. Switch it off first to set it up again.")
    status = 409


class SecondFactorOff(DomainError):
    """Two-step sign-in is off, or its set-up has not been started."""

    code = "second_factor_off"
    message = _("Two-step sign-in is not set up. Set it up first.")
    status = 409


class SecondFactorMandatory(DomainError):
    """The clinic or the platform requires two-step sign-in for this user."""

    code = "second_factor_demanded"
    message = _("The clinic requires two-step sign-in, so you cannot switch it off.")


class TooManyRequests(DomainError):
    """The client's address has sent too many requests in this minute."""

    code = "too_many_requests"
    message = _("Too many requests from your network. Wait a moment, then try again.")
    status = 429

    def __init__(self, *, retry_after: int) -> None:
        """
        :param retry_after: in seconds
        """
        super().__init__()
        self.retry_after = retry_after


class TooManyAttempts(DomainError):
    """Too many attempts. The response does not say whether the account exists."""

    code = "too_many_tries"
    message = _("Too many attempts. Wait a while, then try again.")
    status = 429

    def __init__(self, *, retry_after: int) -> None:
        """
        :param retry_after: in seconds
        """
        super().__init__()
        self.retry_after = retry_after

    @property
    def user_message(self) -> Text:
        """The message with the waiting time in minutes."""
        minutes = ceil((self.retry_after or 0) / 60)
        return ngettext(
            "Too many attempts. Try again in %(minutes)d minute.",
            "Too many attempts. Try again in %(minutes)d minutes.",
            minutes,
        ) % {"minutes": minutes}


class LastAdmin(DomainError):
    """The change would leave the clinic without an active admin, or the platform without an operator."""

    code = "last_admin"
    message = _(
        "This is the last active administrator. Give this role to somebody else first, then try again."
    )
    status = 409
