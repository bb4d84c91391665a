"""Sets up and switches off two-step sign-in, and signs in with a code."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tenants.accounts.active_account import lock_active_account
from tenants.accounts.attempt_limits import limited_code_check, limited_password_check
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.credentials.endings import Grant, ends
from tenants.accounts.errors import SecondFactorAlreadyOn, SecondFactorMandatory, SecondFactorOff
from tenants.accounts.models import User
from tenants.accounts.models.authenticator import Authenticator, RecoveryCodes
from tenants.accounts.second_factor.challenge import (
    check_code,
    confirmed_authenticator,
    is_second_factor_required,
    user_from_challenge,
)
from tenants.accounts.sessions.services import Session, complete_sign_in, end_all_sessions
from tenants.base.errors import InvalidInput


def sign_in_with_code(*, challenge: str, code: str, address: str, now: datetime) -> Session:
    """Start a session for a user who has entered the correct password, with a code.

    :param address: the client address to count attempts for
    :raises ChallengeExpired: the challenge has expired, so the password must be entered again
    :raises InvalidInput: the code is wrong or was used before
    :raises TooManyAttempts: too many codes were wrong
    """
    user = user_from_challenge(challenge)
    check_code(user=user, code=code, address=address, now=now)
    return complete_sign_in(user=user, now=now)


@transaction.atomic
def begin_enrolment(*, user: User) -> Authenticator:
    """Create a secret for the user's app. It is used only after a code from the app has been confirmed.

    :raises SecondFactorAlreadyOn: two-step sign-in is on already
    """
    lock_active_account(user)
    if confirmed_authenticator(user) is not None:
        raise SecondFactorAlreadyOn
    unconfirmed: Authenticator | None = Authenticator.objects.filter(user=user, confirmed=False).first()
    # Reuse a secret that was not confirmed yet, so that reloading the page shows the same one.
    return unconfirmed or Authenticator.objects.create(user=user, name="app", confirmed=False)


def confirm_enrolment(*, user: User, code: str, address: str, now: datetime) -> list[str]:
    """Switch two-step sign-in on with a code from the new app, and end all other sessions.

    :param address: the client address to count attempts for
    :return: recovery codes, which cannot be shown again
    :raises SecondFactorOff: `begin_enrolment` was not called
    :raises SecondFactorAlreadyOn: two-step sign-in is on already
    :raises InvalidInput: the code is wrong
    :raises TooManyAttempts: too many codes were wrong
    """
    with limited_code_check(user=user, address=address, now=now), transaction.atomic():
        lock_active_account(user)
        if confirmed_authenticator(user) is not None:
            raise SecondFactorAlreadyOn
        unconfirmed = Authenticator.objects.select_for_update().filter(user=user, confirmed=False).first()
        if unconfirmed is None:
            raise SecondFactorOff
        if not unconfirmed.verify_token(code.replace(" ", "")):
            raise InvalidInput(
                errors={"code": [_("This code is wrong. Check your phone's clock and enter a new code.")]}
            )
        Authenticator.objects.filter(pk=unconfirmed.pk).update(confirmed=True)
        write_audit_entries(what=AuditAction.SECOND_FACTOR_ON, by=user, about=[user])
        end_all_sessions(user=user)
        user.refresh_from_db(fields=["token_version"])
        return _new_recovery_codes(user)


def switch_off(*, user: User, password: str, code: str, address: str, now: datetime) -> None:
    """Switch two-step sign-in off.

    :param address: the client address to count attempts for
    :raises SecondFactorMandatory: the clinic or the platform requires it
    :raises InvalidInput: password or code is wrong
    :raises TooManyAttempts: too many attempts were wrong
    """
    if is_second_factor_required(user):
        raise SecondFactorMandatory
    _check_password_and_code(user=user, password=password, code=code, address=address, now=now)
    with transaction.atomic():
        _delete_devices(user)
        write_audit_entries(what=AuditAction.SECOND_FACTOR_OFF, by=user, about=[user])


def renew_recovery_codes(*, user: User, password: str, code: str, address: str, now: datetime) -> list[str]:
    """Replace the user's recovery codes by new ones.

    :param address: the client address to count attempts for
    :raises SecondFactorOff: two-step sign-in is off
    :raises InvalidInput: password or code is wrong
    :raises TooManyAttempts: too many attempts were wrong
    """
    _check_password_and_code(user=user, password=password, code=code, address=address, now=now)
    with transaction.atomic():
        write_audit_entries(what=AuditAction.RECOVERY_CODES_MADE, by=user, about=[user])
        return _new_recovery_codes(user)


@transaction.atomic
def reset_second_factor(*, user: User, by: User | None) -> None:
    """Switch two-step sign-in off for a user who has lost phone and recovery codes, and end their sessions.

    :param by: the admin who does it; None on the command line
    :raises SecondFactorOff: two-step sign-in is off
    """
    if confirmed_authenticator(user) is None:
        raise SecondFactorOff
    _delete_devices(user)
    end_all_sessions(user=user, by=by)
    write_audit_entries(what=AuditAction.SECOND_FACTOR_RESET, by=by, about=[user])


def end_sessions_without_second_factor(*, roles: Iterable[str], by: User | None) -> None:
    """End the sessions of users in `roles` without two-step sign-in, after it became required for them."""
    enrolled = Authenticator.objects.filter(confirmed=True).values("user_id")
    for user in User.objects.filter(role__in=list(roles), is_active=True).exclude(pk__in=enrolled):
        end_all_sessions(user=user, by=by)


def count_recovery_codes(user: User) -> int:
    """Return how many unused recovery codes `user` has."""
    codes = RecoveryCodes.objects.filter(user=user).first()
    return codes.token_set.count() if codes else 0


def _check_password_and_code(*, user: User, password: str, code: str, address: str, now: datetime) -> None:
    if confirmed_authenticator(user) is None:
        raise SecondFactorOff
    with limited_password_check(user=user, address=address, now=now):
        if not user.check_password(password):
            raise InvalidInput(errors={"password": [_("This is not your password. Try again.")]})
    check_code(user=user, code=code, address=address, now=now)


def _new_recovery_codes(user: User) -> list[str]:
    device, _new = RecoveryCodes.objects.get_or_create(user=user, defaults={"name": "recovery codes"})
    codes: list[str] = device.replace()
    return codes


@ends(Grant.SECOND_FACTOR)
def end_second_factor(user: User, _now: datetime) -> None:
    """Switch two-step sign-in off, because somebody else may have set it up."""
    if confirmed_authenticator(user) is not None:
        write_audit_entries(what=AuditAction.SECOND_FACTOR_RESET, by=user, about=[user])
    _delete_devices(user)


@ends(Grant.UNFINISHED_SECOND_FACTOR)
def end_unfinished_second_factor(user: User, _now: datetime) -> None:
    """Delete a secret that was shown but never confirmed: whoever knew the old password may have seen it."""
    Authenticator.objects.filter(user=user, confirmed=False).delete()


def _delete_devices(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
    RecoveryCodes.objects.filter(user=user).delete()
