"""The second step of signing in: whose it is to take, and holding a code against what they have."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _
from django_otp.models import Device

from tenants.accounts.audit import What, record
from tenants.accounts.authenticator import Authenticator, RecoveryCodes
from tenants.accounts.errors import ChallengeOver, SecondFactorRequired
from tenants.accounts.limits import limited_code_check
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.door import current_clinic, current_clinic_or_none

CHALLENGE_LASTS = timedelta(minutes=10)

Rule = Callable[[User], bool]
_rules: list[Rule] = []


def demands_second_factor(rule: Rule) -> Rule:
    """Register a rule that says of whom a second step is demanded. Which there are, floors above decide."""
    _rules.append(rule)
    return rule


def is_demanded(user: User) -> bool:
    """Whether `user` has to have a second step."""
    if current_clinic_or_none() is None:  # in public, where only operators are
        return bool(settings.OPERATORS_NEED_SECOND_FACTOR)
    return any(rule(user) for rule in _rules)


def authenticator_of(user: User) -> Authenticator | None:
    """The app whose codes `user` signs in with; None where there is none, or it was never confirmed."""
    found: Authenticator | None = Authenticator.objects.filter(user=user, confirmed=True).first()
    return found


def require_second_factor(*, user: User) -> None:
    """Let those pass of whom the password is enough.

    :raises SecondFactorRequired: a code is to come, or, where `is_set_up` is false, setting it up
    """
    is_set_up = authenticator_of(user) is not None
    if is_set_up or is_demanded(user):
        raise SecondFactorRequired({"challenge": _challenge_for(user), "is_set_up": is_set_up})


def user_of_challenge(challenge: str) -> User:
    """Who has said their password and was given `challenge` for it.

    :raises ChallengeOver: it is not one of this clinic's, is too old, or their password has changed since
    """
    try:
        said = signing.loads(challenge, salt=_salt(), max_age=CHALLENGE_LASTS)
    except signing.BadSignature as error:
        raise ChallengeOver from error
    user = User.objects.filter(pk=said["user"], token_version=said["version"], is_active=True).first()
    if user is None:
        raise ChallengeOver
    return user


def check_code(*, user: User, code: str, address: str, now: datetime) -> Device:
    """Take a code of the app, or a recovery code; neither can be used again.

    :param address: the network address it comes from
    :return: the device it was of
    :raises InvalidInput: it is wrong, or used
    :raises TooManyTries: too many were wrong
    """
    try:
        with limited_code_check(user=user, address=address, now=now), transaction.atomic():
            device = _device_that_takes(user, code)
            if device is None:
                raise InvalidInput(errors={"code": [_("This code is not correct. Enter a new code.")]})
            if isinstance(device, RecoveryCodes):
                record(what=What.RECOVERY_CODE_USED, by=user, about=[user])
    except InvalidInput:
        record(what=What.SECOND_FACTOR_REFUSED, by=None, about=[user])
        raise
    return device


def _device_that_takes(user: User, code: str) -> Device | None:
    plain = code.replace(" ", "")
    kind = Authenticator if plain.isdecimal() else RecoveryCodes
    # Locked: of two who come with one code at once, the second finds it used.
    device: Device | None = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None or not device.verify_token(plain):  # type: ignore[no-untyped-call]  # django-otp's
        return None
    return device


def _challenge_for(user: User) -> str:
    return signing.dumps({"user": str(user.pk), "version": user.token_version}, salt=_salt())


def _salt() -> str:
    return f"second step at {current_clinic().pk}"
