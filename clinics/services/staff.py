"""Invite staff, and link the account of a doctor to the doctor's record."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from clinics.errors import DoctorHasAccount
from clinics.models import Doctor
from clinics.services.profiles import add_doctor
from tenants.accounts.invitations.services import accept_invitation, create_invitation
from tenants.accounts.models import Invitation, User


@transaction.atomic
def invite_staff(
    *,
    email: str,
    first_name: str,
    last_name: str,
    role: str,
    by: User,
    doctor: Doctor | None = None,
    now: datetime,
) -> Invitation:
    """Invite a member of staff by email.

    :param doctor: the existing record of the doctor who is invited
    :raises EmailTaken: the email address belongs to an account at this clinic
    :raises AlreadyInvited: there is an open invitation for this address
    :raises DoctorHasAccount: `doctor` has a user account
    """
    invitation = create_invitation(
        email=email, first_name=first_name, last_name=last_name, role=role, by=by, now=now
    )
    # The latest invitation replaces earlier ones, which may have been withdrawn or lost.
    if doctor is not None and not _without_user(doctor).update(invitation=invitation):
        raise DoctorHasAccount
    return invitation


@transaction.atomic
def accept_staff_invitation(*, token: str, password: str, now: datetime) -> User:
    """Create an account from an invitation. A doctor is linked to the chosen record, or to a new one.

    :raises InvitationInvalid: the link is invalid or has expired
    :raises InvalidInput: the password is too weak; the link can be used again
    :raises EmailTaken: the email address came to belong to another account meanwhile
    """
    invitation = accept_invitation(token=token, password=password, now=now)
    user = invitation.user
    assert user is not None  # noqa: S101  it was created just now
    if invitation.role != User.Role.DOCTOR:
        return user
    if not Doctor.objects.filter(invitation=invitation, user=None).update(user=user):
        # Patients can find the doctor once an admin has completed and activated the record.
        add_doctor(name=invitation.full_name, user=user, is_active=False)
    return user


def _without_user(doctor: Doctor) -> QuerySet[Doctor]:
    return Doctor.objects.filter(pk=doctor.pk, user=None)
