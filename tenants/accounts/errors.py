"""What signing in may be refused for."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class InvalidCredentials(DomainError):
    """E-mail and password do not belong together. Which of them is wrong is not said."""

    code = "invalid_credentials"
    message = _("This e-mail address and password do not match. Please check both.")
    status = 401


class SessionOver(DomainError):
    """The refresh token is used, ended, somebody else's or not a token at all."""

    code = "session_ended"
    message = _("Your session has ended. Please sign in again.")
    status = 401


class ForeignOrigin(DomainError):
    """A page of another host asks for this browser's session."""

    code = "foreign_origin"
    message = _("This can be done from the clinic's own pages only.")
    status = 403


class EmailTaken(DomainError):
    """There is an account with this e-mail."""

    code = "email_taken"
    message = _("There is already an account with this e-mail address. Sign in instead.")
    status = 409


class LinkOver(DomainError):
    """The link of a mail is used, too old, another clinic's or not one of ours. Which of them is not said."""

    code = "link_over"
    message = _("This link does not work any more. Please ask for a new one.")
    status = 409


class AlreadyInvited(DomainError):
    """There is an invitation for this e-mail, neither used nor withdrawn."""

    code = "already_invited"
    message = _("This e-mail address is invited already. Send that invitation again, or withdraw it.")
    status = 409


class InvitationOver(DomainError):
    """The invitation is used, withdrawn, too old, another clinic's or not one of ours. Which is not said."""

    code = "invitation_over"
    message = _("This invitation does not work any more. Please ask the clinic for a new one.")
    status = 409


class SecondFactorRequired(DomainError):
    """The password is right, and a code is to come. `data` holds what to send it with."""

    code = "second_factor_required"
    message = _("Enter the code of your authenticator app.")
    status = 401


class ChallengeOver(DomainError):
    """What was given for the password is too old, another clinic's or not one of ours."""

    code = "challenge_over"
    message = _("That took too long. Please sign in again.")
    status = 401


class SecondFactorOn(DomainError):
    """There is a second step already."""

    code = "second_factor_on"
    message = _("Two-step sign-in is on already.")
    status = 409


class SecondFactorOff(DomainError):
    """There is no second step, or setting it up was never begun."""

    code = "second_factor_off"
    message = _("Two-step sign-in is not set up.")
    status = 409


class SecondFactorDemanded(DomainError):
    """The clinic or the platform wants it of this user."""

    code = "second_factor_demanded"
    message = _("Two-step sign-in is required here and cannot be switched off.")


class TooManyTries(DomainError):
    """Somebody tried too often. Whether what they tried exists is not said."""

    code = "too_many_tries"
    message = _("There were too many tries. Please wait a while, then try again.")
    status = 429

    def __init__(self, *, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after
