"""Changing a password: by whoever knows the old one, or through a link to the account's email address."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tenants.accounts.errors import LinkOver
from tenants.accounts.limits import limit_resets, limited_password_check
from tenants.accounts.models import PasswordReset, User
from tenants.accounts.services import Session, check_password_strength, end_all_sessions, start_session
from tenants.accounts.signed_ids import read_id, sign_id
from tenants.accounts.verification import confirm_address
from tenants.base.errors import InvalidInput
from tenants.queue import enqueue

PURPOSE = "password reset"
LINK_LASTS = timedelta(hours=1)


def change_password(
    *, user: User, current_password: str, new_password: str, address: str, now: datetime
) -> Session:
    """Give `user` a new password, end all their sessions and start one for whoever did this.

    :param address: the network address it is asked for from
    :raises InvalidInput: the current password is wrong, or the new one too weak
    :raises TooManyTries: the current password was wrong too often, here or in signing in
    """
    check_password_strength(new_password, user=user, field="new_password")
    with limited_password_check(email=user.email, address=address, now=now), transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not locked.check_password(current_password):
            raise InvalidInput(errors={"current_password": [_("This password is not correct.")]})
        return start_session(user=_give_password(locked, new_password))


def request_reset(*, email: str, address: str, now: datetime) -> PasswordReset:
    """Take down that somebody wants a new password for `email`; a worker sees whether anybody has it.

    Nothing is looked up here, so a known and an unknown address cost the same time.

    :param address: the network address it is asked for from
    :raises TooManyTries: too often for this account, or from this address
    """
    limit_resets(email=email, address=address, now=now)
    with transaction.atomic():
        reset = PasswordReset.objects.create(email=email.strip().lower(), expires_at=now + LINK_LASTS)
        enqueue(kind="password_reset", row_id=reset.pk, due_at=now)
    return reset


def reset_to_send(*, reset_id: uuid.UUID, now: datetime) -> PasswordReset | None:
    """The request with the user its link is for; None where no mail is to go (any more)."""
    waiting = PasswordReset.objects.filter(pk=reset_id, sent_at=None, expires_at__gt=now)
    reset = waiting.first()
    user = User.objects.filter(email=reset.email, is_active=True).first() if reset else None
    if reset is None or user is None:
        return None
    reset.user, reset.token_version = user, user.token_version
    reset.save(update_fields=["user", "token_version"])
    return reset


def reset_sent(*, reset: PasswordReset, now: datetime) -> None:
    """Note that the link went out."""
    PasswordReset.objects.filter(pk=reset.pk).update(sent_at=now)


def reset_token(reset: PasswordReset) -> str:
    """What the link carries: the request's id, signed for this clinic."""
    return sign_id(reset.pk, purpose=PURPOSE)


@transaction.atomic
def reset_password(*, token: str, password: str, now: datetime) -> None:
    """Give the link's user a new password and end all their sessions. Of many tries at once one does.

    :raises LinkOver: the link is not good (any more)
    :raises InvalidInput: the password is too weak; the link stays good
    """
    reset_id = read_id(token, purpose=PURPOSE, refusal=LinkOver)
    open_ = PasswordReset.objects.filter(pk=reset_id, used_at=None, expires_at__gt=now)
    if not open_.update(used_at=now):
        raise LinkOver
    reset = PasswordReset.objects.get(pk=reset_id)
    # Behind the user's lock: of two links used at once, the second finds that its time is over.
    user = User.objects.select_for_update(of=("self",)).filter(password_resets=reset, is_active=True).first()
    if user is None or user.token_version != reset.token_version:
        raise LinkOver
    check_password_strength(password, user=user)
    if user.email == reset.email:
        confirm_address(user=user, now=now)  # whoever has the link reads that address
    _give_password(user, password)


def _give_password(user: User, password: str) -> User:
    user.set_password(password)
    user.save(update_fields=["password"])
    end_all_sessions(user=user)
    user.refresh_from_db(fields=["token_version"])
    return user
