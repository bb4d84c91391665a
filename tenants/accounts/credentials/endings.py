"""What ends when an account's credentials or rights change. The list is stated here and nowhere else."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from tenants.accounts.models import User
from tenants.accounts.sessions.services import end_all_sessions
from tenants.current import current_clinic_or_none


class Grant(StrEnum):
    """Access that was obtained with an account, and that can outlive a session."""

    SESSIONS = "sessions"
    """API sessions, sessions in Django Admin, known devices and links that reset the password."""
    SECOND_FACTOR = "second factor"
    UNFINISHED_SECOND_FACTOR = "second factor that was set up but never confirmed"
    CALENDAR_LINKS = "calendar links"
    INVITATIONS = "open invitations that the user sent"
    OFFERS = "open offers of the waiting list"


class Change(StrEnum):
    """A change of an account's credentials or rights."""

    PASSWORD = "password"  # noqa: S105  not a password
    ACCESS = "role or is_active"
    ADDRESS = "the email address was replaced by another"
    FIRST_PROOF = "the email address was proven for the first time"


ENDS: Mapping[Change, frozenset[Grant]] = {
    # Calendar links stay: they are listed in the profile, and a forgotten password is no reason to lose them.
    Change.PASSWORD: frozenset({Grant.SESSIONS, Grant.UNFINISHED_SECOND_FACTOR}),
    Change.ACCESS: frozenset({Grant.SESSIONS, Grant.CALENDAR_LINKS, Grant.INVITATIONS}),
    # The links in emails to the old address end with it; the person stays the same.
    Change.ADDRESS: frozenset({Grant.SESSIONS}),
    # Until now anybody could have used the account in the name of the address.
    Change.FIRST_PROOF: frozenset(Grant),
}

_Ender = Callable[[User, datetime], object]
_enders: dict[Grant, list[_Ender]] = {grant: [] for grant in Grant}


def ends(grant: Grant) -> Callable[[_Ender], _Ender]:
    """Register a function that ends a kind of access of a user at a clinic. Other modules add theirs."""

    def register(ender: _Ender) -> _Ender:
        _enders[grant].append(ender)
        return ender

    return register


def end_access(
    *,
    user: User,
    change: Change,
    by: User | None = None,
    keeping: frozenset[Grant] = frozenset(),
    now: datetime,
) -> None:
    """End everything that ends with `change`. Runs in the transaction of the change.

    :param by: the user who made the change; None for `user`
    :param keeping: what stays although it is on the list
    """
    grants = ENDS[change] - keeping
    if Grant.SESSIONS in grants:
        end_all_sessions(user=user, by=by)
        user.refresh_from_db(fields=["token_version"])
    if current_clinic_or_none() is None:
        return  # operators have sessions only
    for grant in sorted(grants):
        for ender in _enders[grant]:
            ender(user, now)
