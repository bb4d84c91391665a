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
    """Patients."""

    roles = frozenset({User.Role.PATIENT})


class IsDoctor(_HasRole):
    """Doctors."""

    roles = frozenset({User.Role.DOCTOR})


class IsDoctorOrAdmin(_HasRole):
    """Doctors and clinic admins."""

    roles = frozenset({User.Role.DOCTOR, User.Role.ADMIN})


class IsPatientOrDoctor(_HasRole):
    """Users with appointments of their own: patients and doctors."""

    roles = frozenset({User.Role.PATIENT, User.Role.DOCTOR})


class IsPatientOrFrontDesk(_HasRole):
    """Patients for themselves; clinic admins and receptionists for others."""

    roles = frozenset({User.Role.PATIENT, User.Role.ADMIN, User.Role.RECEPTIONIST})


class IsStaff(_HasRole):
    """Everybody who works at the clinic: doctors, clinic admins and receptionists."""

    roles = frozenset({User.Role.DOCTOR, User.Role.ADMIN, User.Role.RECEPTIONIST})


def signed_in_user(request: Request) -> User:
    """Return the signed-in user, in a view whose permissions require one."""
    assert isinstance(request.user, User)  # noqa: S101  guaranteed by the view's permissions
    return request.user
