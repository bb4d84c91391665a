"""Inviting somebody to the staff, who choose a password of their own: nobody registers as staff."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tenants.accounts.audit import What, record
from tenants.accounts.errors import AlreadyInvited, EmailTaken, InvitationOver
from tenants.accounts.models import Invitation, User
from tenants.accounts.services import create_user
from tenants.accounts.signed_ids import read_id, sign_id
from tenants.accounts.verification import confirm_address
from tenants.base.constraints import constraint_of
from tenants.queue import enqueue

PURPOSE = "invitation"
INVITATION_LASTS = timedelta(days=7)


@transaction.atomic
def invite(*, email: str, first_name: str, last_name: str, role: str, by: User, now: datetime) -> Invitation:
    """Have a link mailed with which they choose a password of their own.

    :raises EmailTaken: somebody here has this email
    :raises AlreadyInvited: it was invited, and the invitation neither used nor withdrawn
    """
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise EmailTaken(errors={"email": [_("There is already an account with this email address.")]})
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=email,
                first_name=first_name,
                last_name=last_name,
                role=role,
                invited_by=by,
                expires_at=now + INVITATION_LASTS,
            )
    except IntegrityError as error:
        if constraint_of(error) != "invitation_one_open_per_email":
            raise
        raise AlreadyInvited(errors={"email": [AlreadyInvited.message]}) from error
    enqueue(kind="invitation", row_id=invitation.pk, due_at=now)
    record(what=What.INVITED, by=by, about=[invitation], note=str(role))
    return invitation


@transaction.atomic
def send_again(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Mail the link once more; it works for another seven days from now.

    :raises InvitationOver: it was used or withdrawn
    """
    open_ = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not open_.update(expires_at=now + INVITATION_LASTS, sent_at=None):
        raise InvitationOver
    enqueue(kind="invitation", row_id=invitation.pk, due_at=now)
    record(what=What.INVITED, by=by, about=[invitation], note=str(invitation.role))


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Make the link worthless.

    :raises InvitationOver: it was used or withdrawn
    """
    open_ = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not open_.update(withdrawn_at=now):
        raise InvitationOver
    record(what=What.WITHDRAWN, by=by, about=[invitation])


def invitation_to_send(*, invitation_id: uuid.UUID, now: datetime) -> Invitation | None:
    """The invitation; None where no mail is to go (any more)."""
    found = Invitation.objects.filter(pk=invitation_id, sent_at=None).first()
    return found if found and found.is_good(now=now) else None


def invitation_sent(*, invitation: Invitation, now: datetime) -> None:
    """Note that the link went out."""
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=now)


def invitation_token(invitation: Invitation) -> str:
    """What the link carries: the invitation's id, signed for this clinic."""
    return sign_id(invitation.pk, purpose=PURPOSE)


def good_invitation(*, token: str, now: datetime) -> Invitation:
    """The invitation of a link that works.

    :raises InvitationOver: it was used or withdrawn, is too old, another clinic's or not one of ours
    """
    invitation_id = read_id(token, purpose=PURPOSE, refusal=InvitationOver)
    found = Invitation.objects.filter(pk=invitation_id).first()
    if found is None or not found.is_good(now=now):
        raise InvitationOver
    return found


@transaction.atomic
def accept_invitation(*, token: str, password: str, now: datetime) -> Invitation:
    """Make an account of an invitation, with the password its owner chose. Of many tries at once one does.

    :raises InvitationOver: the link is not good (any more)
    :raises InvalidInput: the password is too weak; the link stays good
    :raises EmailTaken: somebody here has got this email meanwhile
    """
    invitation = good_invitation(token=token, now=now)
    open_ = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not open_.update(accepted_at=now):
        raise InvitationOver
    invitation.user = create_user(
        email=invitation.email,
        password=password,
        first_name=invitation.first_name,
        last_name=invitation.last_name,
        role=invitation.role,
    )
    invitation.accepted_at = now
    invitation.save(update_fields=["user"])
    record(what=What.JOINED, by=invitation.user, about=[invitation, invitation.user])
    confirm_address(user=invitation.user, now=now)  # whoever has the link reads that address
    return invitation
