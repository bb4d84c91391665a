"""Invite staff, and link the account of a doctor to the doctor's record."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from clinics.errors import DoctorHasAccount, SeveralDoctorsOfThisName
from clinics.models import Doctor, Patient
from clinics.services.patient_changes import record_patient_change
from clinics.services.profiles import add_doctor
from tenants.accounts.access_rules import AccessChange
from tenants.accounts.invitations.services import accept_invitation, create_invitation
from tenants.accounts.models import Invitation, User


@transaction.atomic
def invite_staff(
    *,
    email: str,
    first_name: str,
    last_name: str,
    role: str,
    by: User | None,
    doctor: Doctor | None = None,
    now: datetime,
) -> Invitation:
    """Invite a member of staff by email.

    :param by: None for an operator of the platform
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


def prepare_doctor_record(change: AccessChange) -> None:
    """Link a user who becomes a doctor to a doctor's record; deactivate it when they stop being one.

    The record is the one that the user had before, or else the one of the same name that nobody is linked or
    invited to, or else a new one. A new one and a former one are inactive until an admin activates them.

    :raises SeveralDoctorsOfThisName: it is not clear which record is the user's
    """
    user = change.user
    if change.loses(User.Role.DOCTOR):
        Doctor.objects.filter(user=user, is_active=True).update(is_active=False)
    if not change.gains(User.Role.DOCTOR) or Doctor.objects.filter(user=user).exists():
        return
    name = user.get_full_name()
    same_name = list(Doctor.objects.filter(user=None, invitation=None, name__iexact=name)[:2])
    if len(same_name) > 1:
        raise SeveralDoctorsOfThisName
    if not same_name or not _without_user(same_name[0]).update(user=user):
        add_doctor(name=name, user=user, is_active=False)


def prepare_patient_record(change: AccessChange) -> None:
    """Create the record of a user who becomes a patient and has none."""
    user = change.user
    if change.gains(User.Role.PATIENT) and not Patient.objects.filter(user=user).exists():
        patient: Patient = Patient.objects.create(
            user=user, first_name=user.first_name, last_name=user.last_name, phone=user.phone
        )
        record_patient_change(patient)


def _without_user(doctor: Doctor) -> QuerySet[Doctor]:
    return Doctor.objects.filter(pk=doctor.pk, user=None)
