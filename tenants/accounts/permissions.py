"""API permissions: by role for a view, and by rule for a row.

`IsSelf`, `IsDoctor` and `IsFrontDesk` hold the rules of which rows their users may reach. A rule is a
condition on a model. The app that owns the model registers it; selectors and `has_object_permission` use it.
"""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import Model, Q
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from tenants.accounts.models import User

RowRule = Callable[[User], Q]
NO_ROW = Q(pk__in=[])
EVERY_ROW = Q(pk__isnull=False)  # an empty Q would disappear in `|`


class _HasRole(BasePermission):
    """Allows signed-in users with one of `roles`."""

    roles: ClassVar[frozenset[str]] = frozenset()

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the user has one of the roles."""
        return isinstance(request.user, User) and request.user.role in self.roles


class _HasRowRules(_HasRole):
    """Allows users with one of `roles`, and only the rows that a rule allows: none without a rule."""

    _rules: ClassVar[dict[type[Model], RowRule]] = {}

    def __init_subclass__(cls) -> None:
        """Give each permission rules of its own."""
        super().__init_subclass__()
        cls._rules = {}

    @classmethod
    def row_rule(cls, model: type[Model]) -> Callable[[RowRule], RowRule]:
        """Register the decorated function as the rule for the rows of `model`."""

        def register(rule: RowRule) -> RowRule:
            cls._rules[model] = rule
            return rule

        return register

    @classmethod
    def allowed_rows(cls, model: type[Model], user: User) -> Q:
        """Return the condition on the rows of `model` that `user` may reach with this permission."""
        rule = cls._rules.get(model)
        return rule(user) if rule and user.role in cls.roles else NO_ROW

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        """Return whether the rule allows the row."""
        allowed = self.allowed_rows(type(obj), signed_in_user(request))
        return bool(type(obj)._default_manager.filter(allowed, pk=obj.pk).exists())


class IsSelf(_HasRowRules):
    """Allows everybody who is signed in, and only what is their own or their dependants'."""

    roles = frozenset(User.Role)


class IsPatient(IsSelf):
    """Allows patients, and only what is their own or their dependants'. The rules are those of `IsSelf`."""

    roles = frozenset({User.Role.PATIENT})

    @classmethod
    def allowed_rows(cls, model: type[Model], user: User) -> Q:
        """Return the condition of `IsSelf`, for patients."""
        return IsSelf.allowed_rows(model, user) if user.role in cls.roles else NO_ROW


class IsDoctor(_HasRowRules):
    """Allows doctors, and only what belongs to their schedule: their bookings and the patients in these."""

    roles = frozenset({User.Role.DOCTOR})


class IsAdmin(_HasRole):
    """Allows clinic admins."""

    roles = frozenset({User.Role.ADMIN})


class IsFrontDesk(_HasRowRules):
    """Allows clinic admins and receptionists."""

    roles = frozenset({User.Role.ADMIN, User.Role.RECEPTIONIST})


class IsDoctorOrAdmin(_HasRole):
    """Allows doctors and clinic admins."""

    roles = frozenset({User.Role.DOCTOR, User.Role.ADMIN})


class IsPatientOrDoctor(_HasRole):
    """Allows users with appointments of their own: patients and doctors."""

    roles = frozenset({User.Role.PATIENT, User.Role.DOCTOR})


class IsPatientOrFrontDesk(_HasRole):
    """Allows patients, and the clinic admins and receptionists who book for them."""

    roles = frozenset({User.Role.PATIENT, User.Role.ADMIN, User.Role.RECEPTIONIST})


class IsPatientFrontDeskOrNobody(IsPatientOrFrontDesk):
    """Allows patients, the front desk, and visitors who are not signed in: all who can hold a time."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether nobody is signed in, or the user has one of the roles."""
        return request.user is None or super().has_permission(request, view)


class IsStaff(_HasRole):
    """Allows staff: doctors, clinic admins and receptionists."""

    roles = frozenset({User.Role.DOCTOR, User.Role.ADMIN, User.Role.RECEPTIONIST})


class MayReadOrChangeSchedules(IsStaff):
    """Allows doctors and clinic admins, and receptionists only to read: the schedules of doctors."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the user may read schedules, or change them if the request does."""
        if request.method in SAFE_METHODS:
            return super().has_permission(request, view)
        return IsDoctorOrAdmin().has_permission(request, view)


def rows_allowed_by(*permissions: type[_HasRowRules], model: type[Model], user: User) -> Q:
    """Return the condition on the rows of `model` that `user` may reach with any of these permissions."""
    return reduce(or_, (permission.allowed_rows(model, user) for permission in permissions))


def signed_in_user(request: Request) -> User:
    """Return the signed-in user, in a view whose permissions require one."""
    assert isinstance(request.user, User)  # noqa: S101  guaranteed by the view's permissions
    return request.user
