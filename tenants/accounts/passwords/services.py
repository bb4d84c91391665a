"""Changes a password: with the current one, or through a link sent to the account's email address."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tenants.accounts.attempt_limits import limit_resets, limited_password_check
from tenants.accounts.credentials.services import set_password
from tenants.accounts.email_code.services import check_code, use_code
from tenants.accounts.email_owner import lock_email
from tenants.accounts.email_verification.services import confirm_email_address
from tenants.accounts.errors import LinkInvalid
from tenants.accounts.models import PasswordReset, User
from tenants.accounts.sessions.services import Session, start_session
from tenants.accounts.signed_ids import read_id, sign_id
from tenants.accounts.users import validate_password_strength
from tenants.base.claims import lock_unless_taken
from tenants.base.errors import InvalidInput
from tenants.base.retry import retry_conflicts
from tenants.queue.jobs import enqueue

_PURPOSE = "password reset"
_LINK_LIFETIME = timedelta(hours=1)


def change_password(
    *, user: User, current_password: str, new_password: str, address: str, now: datetime
) -> Session:
    """Set a new password, end all sessions of `user` and start a new one.

    :param address: the client address to count attempts for
    :raises InvalidInput: the current password is wrong, or the new one is too weak
    :raises TooManyAttempts: a signed-in user entered the wrong password too often
    """
    validate_password_strength(new_password, user=user, field="new_password")
    with limited_password_check(user=user, address=address, now=now), transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not locked.check_password(current_password):
            raise InvalidInput(
                errors={"current_password": [_("This is not your current password. Try again.")]}
            )
        return start_session(user=set_password(user=locked, password=new_password, now=now), now=now)


def choose_password(
    *, user: User, token: str, digits: str, new_password: str, address: str, now: datetime
) -> Session:
    """Set the first password of an account that has none, end all sessions and start a new one.

    :param token: the browser's token for a code that was sent to the user's address
    :param address: the client address to count attempts for
    :raises CodeOver: the code was used, has expired or was entered too often, or another browser requested it
    :raises InvalidInput: the code is wrong, the password is too weak, or the account has a password
    :raises TooManyAttempts: too many wrong codes came from this address
    """
    validate_password_strength(new_password, user=user, field="new_password")
    code = check_code(token=token, digits=digits, address=address, now=now)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if code.email != locked.email or locked.email_verified_at is None:
            raise InvalidInput(errors={"code": [_("This code was sent to another email address.")]})
        if locked.has_usable_password():
            raise InvalidInput(errors={"current_password": [_("Enter your current password.")]})
        use_code(code=code, now=now)
        return start_session(user=set_password(user=locked, password=new_password, now=now), now=now)


def request_reset(*, email: str, address: str, now: datetime) -> PasswordReset:
    """Store a request for a password reset. A worker sends the link if there is such an account.

    The account is not looked up here, so known and unknown email addresses take the same time.

    :param address: the client address to count requests for
    :raises TooManyAttempts: the limit of this account or this address is reached
    """
    limit_resets(email=email, address=address, now=now)
    with transaction.atomic():
        reset = PasswordReset.objects.create(email=email.strip().lower(), expires_at=now + _LINK_LIFETIME)
        enqueue(kind="password_reset", row_id=reset.pk, due_at=now)
    return reset


def reset_to_send(*, reset_id: uuid.UUID, now: datetime) -> PasswordReset | None:
    """Return the request with the user its link is for; None if no email is to be sent.

    The link is for the account that owns the address. If there is none, it is for the newest account that was
    registered with the address. Using the link confirms the address and ends all earlier access.
    """
    reset = PasswordReset.objects.filter(pk=reset_id, sent_at=None, expires_at__gt=now).first()
    if reset is None:
        return None
    user = User.objects.owner_of(reset.email) or User.objects.unconfirmed(reset.email).first()
    if user is None or not user.is_active:
        return None
    reset.user, reset.token_version = user, user.token_version
    reset.save(update_fields=["user", "token_version"])
    return reset


def mark_reset_sent(*, reset: PasswordReset, now: datetime) -> None:
    """Record that the link was sent."""
    PasswordReset.objects.filter(pk=reset.pk).update(sent_at=now)


def reset_token(reset: PasswordReset) -> str:
    """Return the token for the link: the request's id, signed for this clinic."""
    return sign_id(reset.pk, purpose=_PURPOSE)


@retry_conflicts  # a change of the address, or closing the account, deletes the request it has locked
@transaction.atomic
def reset_password(*, token: str, password: str, now: datetime) -> None:
    """Set a new password for the link's user and end all their sessions. A link works once.

    :raises LinkInvalid: the link is invalid, was used or has expired
    :raises InvalidInput: the password is too weak; the link stays valid
    """
    reset_id = read_id(token, purpose=_PURPOSE, refusal=LinkInvalid)
    reset = lock_unless_taken(PasswordReset.objects.filter(pk=reset_id, used_at=None, expires_at__gt=now))
    if reset is None:
        raise LinkInvalid
    PasswordReset.objects.filter(pk=reset_id).update(used_at=now)
    lock_email(reset.email)
    # Lock the user, so that of two links used at the same time the second sees the new token version.
    user = User.objects.select_for_update(of=("self",)).filter(password_resets=reset, is_active=True).first()
    if user is None or user.token_version != reset.token_version:
        raise LinkInvalid
    validate_password_strength(password, user=user)
    if user.email == reset.email:
        confirm_email_address(user=user, now=now)  # the link was sent to that address
    set_password(user=user, password=password, now=now)
