"""Who may use a view, by role."""

from typing import ClassVar

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from tenants.accounts.models import User


class HasRole(BasePermission):
    """Lets in the signed-in users of certain roles."""

    roles: ClassVar[frozenset[str]] = frozenset()

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the one who asks has one of the roles."""
        return isinstance(request.user, User) and request.user.role in self.roles


class IsPatient(HasRole):
    """Patients."""

    roles = frozenset({User.Role.PATIENT})


class IsDoctor(HasRole):
    """Doctors."""

    roles = frozenset({User.Role.DOCTOR})


class IsDoctorOrAdmin(HasRole):
    """Doctors and clinic admins."""

    roles = frozenset({User.Role.DOCTOR, User.Role.ADMIN})


class IsPatientOrDoctor(HasRole):
    """Who has appointments of their own: patients and doctors."""

    roles = frozenset({User.Role.PATIENT, User.Role.DOCTOR})


class IsPatientOrAtTheDesk(HasRole):
    """Patients for themselves, clinic admins and receptionists for others."""

    roles = frozenset({User.Role.PATIENT, User.Role.ADMIN, User.Role.RECEPTIONIST})


class IsStaff(HasRole):
    """Who works at the clinic: doctors, clinic admins and receptionists."""

    roles = frozenset({User.Role.DOCTOR, User.Role.ADMIN, User.Role.RECEPTIONIST})


def user_of(request: Request) -> User:
    """The signed-in user of a request whose view demands one."""
    assert isinstance(request.user, User)  # noqa: S101  the view's permission saw to it
    return request.user
