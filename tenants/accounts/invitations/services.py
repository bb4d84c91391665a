"""Invitations for staff. Staff cannot register; they choose their own password with an invitation link."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.credentials.endings import Grant, ends
from tenants.accounts.errors import AlreadyInvited, EmailTaken, InvitationInvalid
from tenants.accounts.models import Invitation, User
from tenants.accounts.signed_ids import read_id, sign_id
from tenants.accounts.users import create_user
from tenants.base.claims import lock_unless_taken
from tenants.base.constraints import insert_unless_taken
from tenants.queue.jobs import enqueue

_PURPOSE = "invitation"
_LIFETIME = timedelta(days=7)


@transaction.atomic
def create_invitation(
    *, email: str, first_name: str, last_name: str, role: str, by: User | None, now: datetime
) -> Invitation:
    """Create an invitation and have its link emailed.

    :param by: None for an operator of the platform, who has no account at the clinic
    :raises EmailTaken: the email address belongs to an account
    :raises AlreadyInvited: there is an open invitation for this email address
    """
    email = email.strip().lower()
    if User.objects.owner_of(email) is not None:
        raise EmailTaken(
            errors={"email": [_("There is already an account with this email address. Use another address.")]}
        )
    invitation = Invitation(
        email=email,
        first_name=first_name,
        last_name=last_name,
        role=role,
        invited_by=by,
        expires_at=now + _LIFETIME,
    )
    if not insert_unless_taken(invitation):
        raise AlreadyInvited(errors={"email": [AlreadyInvited.message]})
    enqueue(kind="invitation", row_id=invitation.pk, due_at=now)
    write_audit_entries(what=AuditAction.INVITED, by=by, about=[invitation], note=str(role))
    return invitation


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Email the link again. It is valid for another seven days from now.

    :raises InvitationInvalid: it was accepted or withdrawn
    """
    still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not still_open.update(expires_at=now + _LIFETIME, sent_at=None):
        raise InvitationInvalid
    enqueue(kind="invitation", row_id=invitation.pk, due_at=now)
    write_audit_entries(what=AuditAction.INVITED, by=by, about=[invitation], note=str(invitation.role))


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Withdraw an invitation, so that its link stops working.

    :raises InvitationInvalid: it was accepted or withdrawn
    """
    still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not still_open.update(withdrawn_at=now):
        raise InvitationInvalid
    write_audit_entries(what=AuditAction.WITHDRAWN, by=by, about=[invitation])


def invitation_to_send(*, invitation_id: uuid.UUID, now: datetime) -> Invitation | None:
    """Return the invitation to email; None if no email is to be sent."""
    invitation = Invitation.objects.filter(pk=invitation_id, sent_at=None).first()
    return invitation if invitation and invitation.is_valid(now=now) else None


def mark_invitation_sent(*, invitation: Invitation, now: datetime) -> None:
    """Record that the link was sent."""
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=now)


def invitation_token(invitation: Invitation) -> str:
    """Return the token for the link: the invitation's id, signed for this clinic."""
    return sign_id(invitation.pk, purpose=_PURPOSE)


def valid_invitation(*, token: str, now: datetime) -> Invitation:
    """Return the invitation of a valid link.

    :raises InvitationInvalid: it was accepted or withdrawn, has expired, or the token is invalid
    """
    invitation_id = read_id(token, purpose=_PURPOSE, refusal=InvitationInvalid)
    invitation = Invitation.objects.filter(pk=invitation_id).first()
    if invitation is None or not invitation.is_valid(now=now):
        raise InvitationInvalid
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, password: str, now: datetime) -> Invitation:
    """Create an account from an invitation. Of several concurrent attempts one succeeds.

    :raises InvitationInvalid: the link is invalid or has expired, or another request is using it
    :raises InvalidInput: the password is too weak; the link stays valid
    :raises EmailTaken: the email address came to belong to another account meanwhile
    """
    invitation_id = read_id(token, purpose=_PURPOSE, refusal=InvitationInvalid)
    invitation = lock_unless_taken(Invitation.objects.filter(pk=invitation_id))
    if invitation is None or not invitation.is_valid(now=now):
        raise InvitationInvalid
    invitation.user = create_user(
        email=invitation.email,
        password=password,
        first_name=invitation.first_name,
        last_name=invitation.last_name,
        role=invitation.role,
        confirmed_at=now,  # the link was sent to that address
    )
    invitation.accepted_at = now
    invitation.save(update_fields=["user", "accepted_at"])
    write_audit_entries(what=AuditAction.JOINED, by=invitation.user, about=[invitation, invitation.user])
    write_audit_entries(what=AuditAction.ADDRESS_CONFIRMED, by=invitation.user, about=[invitation.user])
    return invitation


@ends(Grant.INVITATIONS)
def withdraw_open_invitations_by(user: User, now: datetime) -> None:
    """Withdraw the open invitations that `user` sent."""
    for invitation in Invitation.objects.filter(invited_by=user, accepted_at=None, withdrawn_at=None):
        if Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(withdrawn_at=now):
            write_audit_entries(what=AuditAction.WITHDRAWN, by=user, about=[invitation])
