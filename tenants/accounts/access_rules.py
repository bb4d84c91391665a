"""Rules about changes of a user's role and `is_active`.

The code that writes these fields calls `check_access_change` first, in the same transaction and before it
locks the user's row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tenants.accounts.errors import LastAdmin
from tenants.accounts.models import User
from tenants.current import current_clinic_or_none


@dataclass(frozen=True, slots=True)
class AccessChange:
    """A change that is about to be written. `user` has the present values."""

    user: User
    role: str
    is_active: bool
    now: datetime

    def gains(self, role: str) -> bool:
        """Return whether the user gets this role."""
        return self.role == role != self.user.role

    def loses(self, role: str) -> bool:
        """Return whether the user has this role and gets another one."""
        return self.user.role == role != self.role


AccessRule = Callable[[AccessChange], None]
_rules: list[AccessRule] = []


def access_rule(rule: AccessRule) -> AccessRule:
    """Register a rule of another app. It raises a `DomainError`, or prepares what the change needs."""
    _rules.append(rule)
    return rule


def check_access_change(
    *, user: User, role: str | None = None, is_active: bool | None = None, now: datetime
) -> None:
    """Check a change of `user` against all rules.

    :param role: the new role; None for the present one
    :param is_active: None for the present value
    :raises LastAdmin: the clinic would have no active admin, or the platform no active operator
    :raises DomainError: a rule of another app refuses the change
    """
    _lock_admins()
    current = User.objects.get(pk=user.pk)
    change = AccessChange(
        user=current,
        role=current.role if role is None else role,
        is_active=current.is_active if is_active is None else is_active,
        now=now,
    )
    _check_that_an_admin_remains(change)
    for rule in _rules:
        rule(change)


def _lock_admins() -> None:
    """Lock all active admins until the end of the transaction, so that two of them cannot remove each other.

    `no_key` because other transactions refer to their rows. The order prevents deadlocks.
    """
    admins = User.objects.filter(role=_admin_role(), is_active=True).order_by("pk")
    list(admins.select_for_update(no_key=True).values_list("pk"))


def _check_that_an_admin_remains(change: AccessChange) -> None:
    role = _admin_role()
    if change.role == role and change.is_active:
        return
    others = User.objects.filter(role=role, is_active=True).exclude(pk=change.user.pk)
    if change.user.role == role and change.user.is_active and not others.exists():
        raise LastAdmin


def _admin_role() -> str:
    return User.Role.OPERATOR if current_clinic_or_none() is None else User.Role.ADMIN
