"""Changes passwords, roles and `is_active`. Nothing else in the project writes these fields.

Each change ends what `endings.py` lists for it, in the same transaction.
"""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tenants.accounts.access_rules import check_access_change
from tenants.accounts.credentials.endings import Change, end_access
from tenants.accounts.email_owner import check_email_is_free, lock_email
from tenants.accounts.errors import EmailNotConfirmed
from tenants.accounts.models import User


@transaction.atomic
def set_password(*, user: User, password: str, by: User | None = None, now: datetime) -> User:
    """Set a password that has been checked for its strength, and end all sessions of `user`.

    :param by: the user who sets it; None for `user`
    :return: `user` with the new token version
    """
    return set_password_hash(user=user, password_hash=make_password(password), by=by, now=now)


@transaction.atomic
def set_password_hash(*, user: User, password_hash: str, by: User | None = None, now: datetime) -> User:
    """Set a password of which only the hash is known, and end all sessions of `user`.

    :param by: the user who sets it; None for `user`
    :return: `user` with the new token version
    """
    user.password = password_hash
    user.save(update_fields=["password"])
    end_access(user=user, change=Change.PASSWORD, by=by, now=now)
    return user


def remove_password(*, user: User, now: datetime) -> User:
    """Leave `user` without a password, and end all sessions. They sign in with codes sent by email.

    :return: `user` with the new token version
    """
    return set_password_hash(user=user, password_hash=make_password(None), now=now)


@transaction.atomic
def change_access(
    *, user: User, role: str | None = None, is_active: bool | None = None, by: User | None, now: datetime
) -> User:
    """Change the role of `user` and whether they can sign in. Ends their sessions if something changes.

    :param role: the new role; None for the present one
    :param is_active: None for the present value
    :return: `user` with the new values
    :raises EmailTaken: a patient who has not confirmed the address becomes staff, and the address belongs to
        another account
    :raises EmailNotConfirmed: the same, and it belongs to nobody: a stranger may have registered with it
    :raises DomainError: a rule about roles and active users refuses the change
    """
    check_access_change(user=user, role=role, is_active=is_active, now=now)
    lock_email(user.email)
    locked = User.objects.select_for_update().get(pk=user.pk)
    wanted = {"role": role, "is_active": is_active}
    changes = {name: value for name, value in wanted.items() if value not in {None, getattr(locked, name)}}
    owned_email = locked.owns_email
    for name, value in changes.items():
        setattr(locked, name, value)
    if changes:
        if locked.owns_email and not owned_email:
            check_email_is_free(locked.email, user=locked)
            raise EmailNotConfirmed
        locked.save(update_fields=list(changes))
        end_access(user=locked, change=Change.ACCESS, by=by, now=now)
    user.refresh_from_db(fields=["role", "is_active", "token_version"])
    return user


@transaction.atomic
def disable_account(*, user: User, by: User, now: datetime) -> None:
    """Deactivate an account that is being erased, and remove its password. This cannot be undone.

    :param by: the user, or the admin who erases it
    :raises LastAdmin: `user` is the clinic's last active admin
    """
    check_access_change(user=user, is_active=False, now=now)
    user.is_active, user.password = False, make_password(None)
    user.save(update_fields=["is_active", "password"])
    end_access(user=user, change=Change.ACCESS, by=by, now=now)
