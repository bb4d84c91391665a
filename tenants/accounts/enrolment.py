"""Setting the second step up, switching it off, and signing in with it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tenants.accounts.audit import What, record
from tenants.accounts.authenticator import Authenticator, RecoveryCodes
from tenants.accounts.errors import SecondFactorDemanded, SecondFactorOff, SecondFactorOn
from tenants.accounts.limits import limited_code_check, limited_password_check
from tenants.accounts.models import User
from tenants.accounts.second_factor import authenticator_of, check_code, is_demanded, user_of_challenge
from tenants.accounts.services import Session, end_all_sessions, welcome
from tenants.base.errors import InvalidInput


def sign_in_with_code(*, challenge: str, code: str, address: str, now: datetime) -> Session:
    """Start the session of somebody who has said their password, with a code.

    :param address: the network address it is asked for from
    :raises ChallengeOver: the password is to be said again
    :raises InvalidInput: the code is wrong, or used
    :raises TooManyTries: too many were wrong
    """
    user = user_of_challenge(challenge)
    check_code(user=user, code=code, address=address, now=now)
    return welcome(user=user, now=now)


@transaction.atomic
def begin_enrolment(*, user: User) -> Authenticator:
    """Give `user` a secret for their app. It counts once a code of it has come back.

    :raises SecondFactorOn: they have one already
    """
    User.objects.select_for_update().get(pk=user.pk)
    if authenticator_of(user) is not None:
        raise SecondFactorOn
    waiting: Authenticator | None = Authenticator.objects.filter(user=user, confirmed=False).first()
    # The one begun before, so that a page that is loaded again shows the same.
    return waiting or Authenticator.objects.create(user=user, name="app", confirmed=False)


def confirm_enrolment(*, user: User, code: str, address: str, now: datetime) -> list[str]:
    """Switch the second step on with a code of the new app, and end every other session.

    :param address: the network address it is asked for from
    :return: recovery codes, to be shown this once
    :raises SecondFactorOff: nothing was begun
    :raises SecondFactorOn: it is on already
    :raises InvalidInput: the code is wrong
    :raises TooManyTries: too many were wrong
    """
    with limited_code_check(user=user, address=address, now=now), transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if authenticator_of(user) is not None:
            raise SecondFactorOn
        waiting = Authenticator.objects.select_for_update().filter(user=user, confirmed=False).first()
        if waiting is None:
            raise SecondFactorOff
        if not waiting.verify_token(code.replace(" ", "")):
            raise InvalidInput(
                errors={"code": [_("This code is not correct. Check the time on your phone.")]}
            )
        Authenticator.objects.filter(pk=waiting.pk).update(confirmed=True)
        record(what=What.SECOND_FACTOR_ON, by=user, about=[user])
        end_all_sessions(user=user)
        user.refresh_from_db(fields=["token_version"])
        return _new_recovery_codes(user)


def switch_off(*, user: User, password: str, code: str, address: str, now: datetime) -> None:
    """Sign in with the password alone from now on.

    :param address: the network address it is asked for from
    :raises SecondFactorDemanded: the clinic, or the platform, wants it
    :raises InvalidInput: password or code is wrong
    :raises TooManyTries: they were wrong too often
    """
    if is_demanded(user):
        raise SecondFactorDemanded
    _prove(user=user, password=password, code=code, address=address, now=now)
    with transaction.atomic():
        _forget_devices(user)
        record(what=What.SECOND_FACTOR_OFF, by=user, about=[user])


def renew_recovery_codes(*, user: User, password: str, code: str, address: str, now: datetime) -> list[str]:
    """New recovery codes; those of before are worth nothing any more.

    :param address: the network address it is asked for from
    :raises SecondFactorOff: there is no second step for which they would be
    :raises InvalidInput: password or code is wrong
    :raises TooManyTries: they were wrong too often
    """
    _prove(user=user, password=password, code=code, address=address, now=now)
    with transaction.atomic():
        record(what=What.RECOVERY_CODES_MADE, by=user, about=[user])
        return _new_recovery_codes(user)


@transaction.atomic
def reset_second_factor(*, user: User, by: User | None) -> None:
    """Take the second step away from somebody who has lost phone and codes, and end their sessions.

    :param by: the admin who does it; None from the command line
    :raises SecondFactorOff: they have none
    """
    if authenticator_of(user) is None:
        raise SecondFactorOff
    _forget_devices(user)
    end_all_sessions(user=user, by=by)
    record(what=What.SECOND_FACTOR_RESET, by=by, about=[user])


def end_sessions_without_second_factor(*, roles: Iterable[str], by: User | None) -> None:
    """Make those set the second step up who are signed in without one, now that it is demanded of `roles`."""
    proven = Authenticator.objects.filter(confirmed=True).values("user_id")
    for user in User.objects.filter(role__in=list(roles), is_active=True).exclude(pk__in=proven):
        end_all_sessions(user=user, by=by)


def recovery_codes_left(user: User) -> int:
    """How many recovery codes `user` has not used."""
    codes = RecoveryCodes.objects.filter(user=user).first()
    return codes.token_set.count() if codes else 0


def _prove(*, user: User, password: str, code: str, address: str, now: datetime) -> None:
    if authenticator_of(user) is None:
        raise SecondFactorOff
    with limited_password_check(email=user.email, address=address, now=now):
        if not user.check_password(password):
            raise InvalidInput(errors={"password": [_("This password is not correct.")]})
    check_code(user=user, code=code, address=address, now=now)


def _new_recovery_codes(user: User) -> list[str]:
    kept, _new = RecoveryCodes.objects.get_or_create(user=user, defaults={"name": "recovery codes"})
    codes: list[str] = kept.replace()
    return codes


def _forget_devices(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
    RecoveryCodes.objects.filter(user=user).delete()
