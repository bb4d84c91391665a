"""Staff join a clinic by invitation; a doctor's account meets the doctor's record."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from clinics.errors import DoctorSpokenFor
from clinics.models import Doctor
from clinics.services.people import add_doctor
from tenants.accounts.invitations import accept_invitation, invite
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
    """Invite somebody by e-mail.

    :param doctor: whose calendar they will keep, as a doctor
    :raises EmailTaken: somebody here has this e-mail
    :raises AlreadyInvited: it was invited, and the invitation is neither used nor withdrawn
    :raises DoctorSpokenFor: `doctor` has a user
    """
    invitation = invite(email=email, first_name=first_name, last_name=last_name, role=role, by=by, now=now)
    # The latest invitation counts: one before it may have been withdrawn, or have gone astray.
    if doctor is not None and not _free(doctor).update(invitation=invitation):
        raise DoctorSpokenFor
    return invitation


@transaction.atomic
def join_staff(*, token: str, password: str, now: datetime) -> User:
    """Make an account of an invitation. A doctor gets the record they were invited for, or a new one.

    :raises InvitationOver: the link is not good (any more)
    :raises InvalidInput: the password is too weak; the link stays good
    :raises EmailTaken: somebody here has got this e-mail meanwhile
    """
    invitation = accept_invitation(token=token, password=password, now=now)
    user = invitation.user
    assert user is not None  # noqa: S101  it was made just now
    if invitation.role != User.Role.DOCTOR:
        return user
    if not Doctor.objects.filter(invitation=invitation, user=None).update(user=user):
        # Patients find them once an admin has looked over the record.
        add_doctor(name=invitation.full_name, user=user, is_active=False)
    return user


def _free(doctor: Doctor) -> QuerySet[Doctor]:
    return Doctor.objects.filter(pk=doctor.pk, user=None)
