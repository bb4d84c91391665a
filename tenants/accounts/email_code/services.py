"""Sends a code to an email address and checks it. It proves that the visitor receives that address's emails.

The code is derived from the request's id with `SECRET_KEY` and stored nowhere: a hash of six digits could be
reversed by anybody with access to the database.
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from tenants.accounts.attempt_limits import limit_email_codes, limited_email_code
from tenants.accounts.audit.services import audit_refused_sign_in
from tenants.accounts.credentials.services import remove_password
from tenants.accounts.email_owner import lock_email
from tenants.accounts.email_verification.services import confirm_email_address
from tenants.accounts.errors import CodeOver
from tenants.accounts.languages import active_language
from tenants.accounts.models import EmailCode, User
from tenants.accounts.signed_ids import read_id, sign_id
from tenants.base.errors import InvalidInput
from tenants.current import current_clinic
from tenants.queue.jobs import enqueue

LIFETIME = timedelta(minutes=10)
MAX_ATTEMPTS = 5
"""How often a code can be entered. Each new code costs an email, and few are sent to one address."""
_DIGITS = 6
_PURPOSE = "email code"


def request_code(*, email: str, address: str, now: datetime) -> EmailCode:
    """Have a worker email a code to any address. The account is not looked up.

    :param address: the client address to count requests for
    :raises TooManyAttempts: too many codes were requested for this email address or from this client
    """
    limit_email_codes(email=email, address=address, now=now)
    with transaction.atomic():
        code = EmailCode.objects.create(
            email=email.strip().lower(), language=active_language(), expires_at=now + LIFETIME
        )
        enqueue(kind="email_code", row_id=code.pk, due_at=now)
    return code


def code_to_send(*, code_id: uuid.UUID, now: datetime) -> EmailCode | None:
    """Return the code that is to be emailed; None if none is, for example to a deactivated account."""
    code = EmailCode.objects.filter(pk=code_id, sent_at=None, expires_at__gt=now).first()
    if code is None:
        return None
    owner = User.objects.owner_of(code.email)
    return code if owner is None or owner.is_active else None


def is_for_staff(code: EmailCode) -> bool:
    """Return whether the address belongs to staff, who sign in with a password: the email has no code."""
    owner = User.objects.owner_of(code.email)
    return owner is not None and owner.role != User.Role.PATIENT


def mark_code_sent(*, code: EmailCode, now: datetime) -> None:
    """Record that the email was sent."""
    EmailCode.objects.filter(pk=code.pk).update(sent_at=now)


def digits_of(code: EmailCode) -> str:
    """Return the six digits that the email contains."""
    subject = f"{code.pk.hex} {code.email}"
    digest = salted_hmac(f"email code at {current_clinic().pk}", subject, algorithm="sha256").digest()
    return f"{int.from_bytes(digest) % 10**_DIGITS:0{_DIGITS}}"


def code_token(code: EmailCode) -> str:
    """Return the signed id that the browser keeps."""
    return sign_id(code.pk, purpose=_PURPOSE)


def requested_code(*, token: str, now: datetime) -> EmailCode | None:
    """Return the code that this browser has requested, if it can still be used."""
    try:
        code_id = read_id(token, purpose=_PURPOSE, refusal=CodeOver)
    except CodeOver:
        return None
    usable = EmailCode.objects.filter(used_at=None, expires_at__gt=now, attempts__lt=MAX_ATTEMPTS)
    return usable.filter(pk=code_id).first()


def check_code(*, token: str, digits: str, address: str, now: datetime) -> EmailCode:
    """Check the digits that somebody entered. The attempt is counted first; a correct one is not counted.

    Do not call it in a transaction, which would roll the count back.

    :param token: as `code_token` returned it
    :param address: the client address to count attempts for
    :return: the code, which `use_code` has to use up
    :raises CodeOver: it was used, has expired or was entered too often, or another browser requested it
    :raises InvalidInput: it is wrong, or the address belongs to staff or to a deactivated account
    :raises TooManyAttempts: too many wrong codes came from this address
    """
    code = requested_code(token=token, now=now)
    if code is None:
        raise CodeOver
    with limited_email_code(address=address, now=now):
        row = EmailCode.objects.filter(pk=code.pk)
        # The UPDATE counts and decides, so concurrent requests have no more attempts than the limit.
        counted = row.filter(used_at=None, attempts__lt=MAX_ATTEMPTS).update(attempts=F("attempts") + 1)
        if not counted:
            raise CodeOver
        is_correct = constant_time_compare("".join(digits.split()), digits_of(code))
        owner = User.objects.owner_of(code.email)
        if not is_correct or (owner is not None and not _signs_in_with_codes(owner)):
            raise _wrong_code(code)
        row.update(attempts=F("attempts") - 1)
    return code


def use_code(*, code: EmailCode, now: datetime) -> None:
    """Use a code up, in the transaction of what it allows.

    :raises CodeOver: another request has used it
    """
    if not EmailCode.objects.filter(pk=code.pk, used_at=None).update(used_at=now):
        raise CodeOver


def proven_account(*, code: EmailCode, is_new: bool, now: datetime) -> User | None:
    """Return the account that the code signs in to; None if there is none. Call it after `check_code`.

    As with a password link, it is the account that owns the address, else the newest one that was registered
    with it. In the second case the address is confirmed, all sessions end and the password is removed,
    because somebody else may have registered. The address is locked until the transaction ends.

    :param is_new: whether somebody registers: then unconfirmed accounts stay as they are
    :raises InvalidInput: it is an account of staff, or deactivated; the response says that the code is wrong
    """
    lock_email(code.email)
    user = User.objects.owner_of(code.email)
    if user is None and not is_new:
        user = User.objects.unconfirmed(code.email).first()
    if user is None:
        return None
    if not _signs_in_with_codes(user):
        raise _wrong_code(code)
    if user.email_verified_at is None:
        confirm_email_address(user=user, now=now)
        remove_password(user=user, now=now)
    return user


def _signs_in_with_codes(user: User) -> bool:
    return user.role == User.Role.PATIENT and user.is_active


def _wrong_code(code: EmailCode) -> InvalidInput:
    audit_refused_sign_in(email=code.email)
    return InvalidInput(errors={"code": [_("This code is wrong. Check the email and enter it again.")]})
