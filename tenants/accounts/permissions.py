"""API permissions by role."""

from typing import ClassVar

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from tenants.accounts.models import User


class _HasRole(BasePermission):
    """Allows signed-in users with one of `roles`."""

    roles: ClassVar[frozenset[str]] = frozenset()

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the user has one of the roles."""
        return isinstance(request.user, User) and request.user.role in self.roles


class IsPatient(_HasRole):
    """Allows patients."""

    roles = frozenset({User.Role.PATIENT})


class IsDoctor(_HasRole):
    """Allows doctors."""

    roles = frozenset({User.Role.DOCTOR})


class IsAdmin(_HasRole):
    """Allows clinic admins."""

    roles = frozenset({User.Role.ADMIN})


class IsDoctorOrAdmin(_HasRole):
    """Allows doctors and clinic admins."""

    roles = frozenset({User.Role.DOCTOR, User.Role.ADMIN})


class IsPatientOrDoctor(_HasRole):
    """Allows users with appointments of their own: patients and doctors."""

    roles = frozenset({User.Role.PATIENT, User.Role.DOCTOR})


class IsPatientOrFrontDesk(_HasRole):
    """Allows patients, and the clinic admins and receptionists who book for them."""

    roles = frozenset({User.Role.PATIENT, User.Role.ADMIN, User.Role.RECEPTIONIST})


class IsFrontDesk(_HasRole):
    """Allows clinic admins and receptionists."""

    roles = frozenset({User.Role.ADMIN, User.Role.RECEPTIONIST})


class IsStaff(_HasRole):
    """Allows staff: doctors, clinic admins and receptionists."""

    roles = frozenset({User.Role.DOCTOR, User.Role.ADMIN, User.Role.RECEPTIONIST})


def signed_in_user(request: Request) -> User:
    """Return the signed-in user, in a view whose permissions require one."""
    assert isinstance(request.user, User)  # noqa: S101  guaranteed by the view's permissions
    return request.user
