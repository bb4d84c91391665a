"""Keeps a request whose session ends while it runs from storing something that outlives the session."""

from tenants.accounts.errors import SessionEnded
from tenants.accounts.models import User


def lock_active_account(user: User) -> None:
    """Lock an account until the current transaction ends. Take this lock before locks on patients.

    Closing an account erases what is stored with it, and the first proof of its address ends what was made
    with it. Without the lock, a change that began before that would be written after it.

    :raises SessionEnded: all sessions of the account ended meanwhile, or it was deactivated
    """
    version = (
        User.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk=user.pk, is_active=True)
        .values_list("token_version", flat=True)
        .first()
    )
    if version != user.token_version:
        raise SessionEnded
