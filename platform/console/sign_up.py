"""Sign-ups: request a clinic, confirm the email address, approve or refuse, open the clinic."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from clinics.services.open_clinic import FirstAdmin, open_clinic
from console.models import SignUp
from tenants.accounts.attempt_limits import count_attempt
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.credentials.services import set_password_hash
from tenants.accounts.email_verification.services import confirm_email_address
from tenants.accounts.errors import LinkInvalid
from tenants.accounts.models import User
from tenants.accounts.users import validate_password_strength
from tenants.base.constraints import violated_constraint
from tenants.base.errors import DomainError, Text
from tenants.current import enter_clinic
from tenants.models import RESERVED_SLUGS, Clinic
from tenants.services.provisioning import SlugTaken
from tenants.services.validation import validate_clinic

_LINK_LIFETIME = timedelta(days=2)
_RETENTION = timedelta(days=90)
"""How long a sign-up is kept after its email address was confirmed."""
_MAX_SLUG_LENGTH = 30


class NotWaiting(DomainError):
    """The sign-up was approved or refused already, or its email address is not confirmed."""

    code: ClassVar[str] = "not_waiting"
    message: ClassVar[Text] = _("This sign-up is not waiting for approval.")
    status: ClassVar[int] = 409


def propose_slug(name: str) -> str:
    """Return an available web address for a clinic of this name; empty if none is found."""
    stem = slugify(name)[:_MAX_SLUG_LENGTH].strip("-")
    for slug in (stem, *(f"{stem}-{number}" for number in range(2, 10))):
        try:
            _check_slug_is_available(slug)
            validate_clinic(Clinic(name="x", slug=slug, time_zone="UTC"))
        except DomainError:
            continue
        return slug
    return ""


def _check_slug_is_available(slug: str) -> None:
    """Check that a clinic can be opened at this web address.

    :raises SlugTaken: it is reserved, in use, or requested by a sign-up that waits for approval
    """
    is_taken = (
        slug in RESERVED_SLUGS
        or Clinic.objects.filter(slug=slug).exists()
        or SignUp.objects.filter(slug=slug, status=SignUp.Status.WAITING).exists()
    )
    if is_taken:
        raise SlugTaken(errors={"slug": [SlugTaken.message]})


def request_clinic(
    *,
    name: str,
    slug: str,
    time_zone: str,
    first_name: str,
    last_name: str,
    email: str,
    address: str,
    now: datetime,
) -> SignUp:
    """Store a request for a clinic and email a link to confirm it.

    :param address: the IP address of the request
    :raises InvalidInput: the name, slug or time zone is invalid
    :raises SlugTaken: the web address is not available
    :raises TooManyAttempts: there were too many requests from this IP address or for this email address
    """
    validate_clinic(Clinic(name=name, slug=slug, time_zone=time_zone))
    _check_slug_is_available(slug)
    count_attempt("sign-up by address", subject=address, now=now)
    count_attempt("sign-up by mailbox", subject=email.strip().lower(), now=now)
    return SignUp.objects.create(
        name=name,
        slug=slug,
        time_zone=time_zone,
        first_name=first_name,
        last_name=last_name,
        email=email.strip().lower(),
        expires_at=now + _LINK_LIFETIME,
        letter=SignUp.Letter.VERIFY,
        letter_due_at=now,
    )


def link_token(sign_up: SignUp) -> str:
    """Return the token of the link in the email. It is not stored."""
    return _signer().sign(sign_up.pk.hex)


def get_sign_up(token: str, *, now: datetime) -> SignUp:
    """Return the sign-up of a link.

    :raises LinkInvalid: the link is invalid or has expired
    """
    try:
        key = uuid.UUID(_signer().unsign(token))
    except (BadSignature, ValueError) as error:
        raise LinkInvalid from error
    sign_up = SignUp.objects.filter(pk=key, expires_at__gt=now).first()
    if sign_up is None:
        raise LinkInvalid
    return sign_up


@transaction.atomic
def confirm_sign_up(*, sign_up: SignUp, password: str, slug: str, now: datetime) -> SignUp:
    """Confirm the email address and set the password; then open the clinic or wait for approval.

    Calling it again changes nothing.

    :param slug: the web address, which may differ from the requested one
    :raises LinkInvalid: the link has expired
    :raises InvalidInput: the password is too weak, or the web address is invalid
    :raises SlugTaken: the web address is not available
    """
    # With a lock on the row, a concurrent second call sees the result of the first.
    locked = SignUp.objects.select_for_update().filter(pk=sign_up.pk, expires_at__gt=now).first()
    if locked is None or settings.SIGN_UP == "off":
        raise LinkInvalid
    if locked.status != SignUp.Status.ASKED:
        return locked
    user = User(email=locked.email, first_name=locked.first_name, last_name=locked.last_name)
    validate_password_strength(password, user=user)
    validate_clinic(Clinic(name=locked.name, slug=slug, time_zone=locked.time_zone))
    _check_slug_is_available(slug)
    locked.slug, locked.password, locked.expires_at = slug, make_password(password), now + _RETENTION
    if settings.SIGN_UP == "open":
        return _open(locked, by=None, now=now)
    locked.status = SignUp.Status.WAITING
    return _store(locked)


@transaction.atomic
def change_slug(*, sign_up: SignUp, slug: str) -> SignUp:
    """Change the web address of a sign-up that waits for approval.

    :raises NotWaiting: it was approved or refused already
    :raises InvalidInput: the web address is invalid
    :raises SlugTaken: the web address is not available
    """
    locked = _waiting(sign_up)
    if slug != locked.slug:
        validate_clinic(Clinic(name=locked.name, slug=slug, time_zone=locked.time_zone))
        _check_slug_is_available(slug)
        locked.slug = slug
    return _store(locked)


@transaction.atomic
def approve_sign_up(*, sign_up: SignUp, by: User | None, now: datetime) -> SignUp:
    """Open the clinic and email its first admin.

    :raises NotWaiting: it was approved or refused already
    :raises SlugTaken: the web address was taken meanwhile
    """
    locked = _waiting(sign_up)
    write_audit_entries(what=AuditAction.APPROVED, by=by, about=[locked], note=locked.slug)
    return _open(locked, by=by, now=now)


@transaction.atomic
def refuse_sign_up(*, sign_up: SignUp, by: User | None, now: datetime) -> SignUp:
    """Refuse the sign-up and email the person who requested it.

    :raises NotWaiting: it was approved or refused already
    """
    locked = _waiting(sign_up)
    write_audit_entries(what=AuditAction.REFUSED, by=by, about=[locked], note=locked.slug)
    locked.status, locked.password = SignUp.Status.REFUSED, ""
    locked.letter, locked.letter_due_at = SignUp.Letter.REFUSED, now
    return _store(locked)


def delete_expired_sign_ups(*, now: datetime) -> int:
    """Delete sign-ups that have expired.

    :return: how many were deleted
    """
    return SignUp.objects.filter(expires_at__lte=now).delete()[0]


def _waiting(sign_up: SignUp) -> SignUp:
    locked = SignUp.objects.select_for_update().filter(pk=sign_up.pk, status=SignUp.Status.WAITING).first()
    if locked is None:
        raise NotWaiting
    return locked


def _open(sign_up: SignUp, *, by: User | None, now: datetime) -> SignUp:
    admin = FirstAdmin(
        email=sign_up.email,
        password=None,  # only its hash is stored here; it is copied below
        first_name=sign_up.first_name,
        last_name=sign_up.last_name,
    )
    clinic = open_clinic(
        name=sign_up.name, slug=sign_up.slug, time_zone=sign_up.time_zone, admin=admin, by=by
    )
    with enter_clinic(clinic):
        user = User.objects.get(email=sign_up.email)
        confirm_email_address(user=user, now=now)  # the link was sent to this address
        set_password_hash(user=user, password_hash=sign_up.password, now=now)
    sign_up.status, sign_up.clinic_id, sign_up.password = SignUp.Status.OPENED, clinic.pk, ""
    sign_up.letter, sign_up.letter_due_at = SignUp.Letter.OPENED, now
    return _store(sign_up)


def _store(sign_up: SignUp) -> SignUp:
    try:
        with transaction.atomic():
            sign_up.save()
    except IntegrityError as error:
        if not violated_constraint(error).startswith("signup_waits_for_slug_once"):
            raise
        raise SlugTaken(errors={"slug": [SlugTaken.message]}) from error
    return sign_up


def _signer() -> Signer:
    return Signer(sep=".", salt="sign-up for a clinic")
