"""Decides who needs a second factor at sign-in, and checks codes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _
from django_otp.models import Device

from tenants.accounts.attempt_limits import limited_code_check
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.errors import ChallengeExpired, SecondFactorRequired
from tenants.accounts.models import User
from tenants.accounts.models.authenticator import Authenticator, RecoveryCodes
from tenants.base.errors import InvalidInput
from tenants.current import current_clinic, current_clinic_or_none

_CHALLENGE_LIFETIME = timedelta(minutes=10)

_Rule = Callable[[User], bool]
_rules: list[_Rule] = []


def second_factor_rule(rule: _Rule) -> _Rule:
    """Register a rule that decides for which users two-step sign-in is required. Upper layers add rules."""
    _rules.append(rule)
    return rule


def is_second_factor_required(user: User) -> bool:
    """Return whether `user` must use two-step sign-in."""
    if current_clinic_or_none() is None:  # in public, where all users are operators
        return bool(settings.OPERATORS_NEED_SECOND_FACTOR)
    return any(rule(user) for rule in _rules)


def confirmed_authenticator(user: User) -> Authenticator | None:
    """Return the confirmed authenticator app of `user`; None if two-step sign-in is off."""
    device: Authenticator | None = Authenticator.objects.filter(user=user, confirmed=True).first()
    return device


def require_second_factor(*, user: User) -> None:
    """Raise unless the password alone is enough for `user`.

    :raises SecondFactorRequired: a code is needed, or the set-up if `is_set_up` is false
    """
    is_set_up = confirmed_authenticator(user) is not None
    if is_set_up or is_second_factor_required(user):
        raise SecondFactorRequired({"challenge": _challenge_for(user), "is_set_up": is_set_up})


def user_from_challenge(challenge: str) -> User:
    """Return the user who entered the correct password and received `challenge`.

    :raises ChallengeExpired: it is invalid or expired, or the password has changed since
    """
    try:
        payload = signing.loads(challenge, salt=_salt(), max_age=_CHALLENGE_LIFETIME)
    except signing.BadSignature as error:
        raise ChallengeExpired from error
    user = User.objects.filter(pk=payload["user"], token_version=payload["version"], is_active=True).first()
    if user is None:
        raise ChallengeExpired
    return user


def check_code(*, user: User, code: str, address: str, now: datetime) -> Device:
    """Check a code from the app or a recovery code, and mark it as used.

    :param address: the client address to count attempts for
    :return: the device it belongs to
    :raises InvalidInput: it is wrong or was used before
    :raises TooManyAttempts: too many codes were wrong
    """
    try:
        with limited_code_check(user=user, address=address, now=now), transaction.atomic():
            device = _verifying_device(user, code)
            if device is None:
                raise InvalidInput(errors={"code": [_("This code is wrong. Enter a new one.")]})
            if isinstance(device, RecoveryCodes):
                write_audit_entries(what=AuditAction.RECOVERY_CODE_USED, by=user, about=[user])
    except InvalidInput:
        write_audit_entries(what=AuditAction.SECOND_FACTOR_REFUSED, by=None, about=[user])
        raise
    return device


def _verifying_device(user: User, code: str) -> Device | None:
    plain = code.replace(" ", "")
    device_class = Authenticator if plain.isdecimal() else RecoveryCodes
    # Lock the device, so that of two concurrent requests with one code the second finds it used.
    device: Device | None = device_class.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None or not device.verify_token(plain):  # type: ignore[no-untyped-call]  # django-otp's
        return None
    return device


def _challenge_for(user: User) -> str:
    return signing.dumps({"user": str(user.pk), "version": user.token_version}, salt=_salt())


def _salt() -> str:
    return f"second step at {current_clinic().pk}"
