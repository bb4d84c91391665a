"""From a request to an open clinic: asked for, proven, approved where that is wanted, opened once."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from clinics.services.opening import FirstAdmin, open_clinic
from console.models import SignUp
from tenants.accounts.audit import What, record
from tenants.accounts.errors import LinkOver
from tenants.accounts.limits import take_try
from tenants.accounts.models import User
from tenants.accounts.services import check_password_strength
from tenants.accounts.verification import confirm_address
from tenants.base.constraints import constraint_of
from tenants.base.errors import DomainError, Text
from tenants.door import enter_clinic
from tenants.models import RESERVED_SLUGS, Clinic
from tenants.services.checking import check_fields
from tenants.services.provisioning import SlugTaken

LINK_LASTS = timedelta(days=2)
KEPT = timedelta(days=90)
"""How long a request is kept once its address is proven, whatever became of it."""
LONGEST_PROPOSAL = 30


class NotWaiting(DomainError):
    """It was decided already, or its address is not proven."""

    code: ClassVar[str] = "not_waiting"
    message: ClassVar[Text] = _("This sign-up does not wait for a decision.")
    status: ClassVar[int] = 409


def propose_slug(name: str) -> str:
    """A free address for a clinic of this name; empty where none suggests itself."""
    stem = slugify(name)[:LONGEST_PROPOSAL].strip("-")
    for slug in (stem, *(f"{stem}-{number}" for number in range(2, 10))):
        try:
            check_slug_is_free(slug)
            check_fields(Clinic(name="x", slug=slug, time_zone="UTC"))
        except DomainError:
            continue
        return slug
    return ""


def check_slug_is_free(slug: str) -> None:
    """Look whether a clinic could be opened at this address now.

    :raises SlugTaken: it is reserved, in use, or somebody's who waits for approval
    """
    taken = (
        slug in RESERVED_SLUGS
        or Clinic.objects.filter(slug=slug).exists()
        or SignUp.objects.filter(slug=slug, status=SignUp.Status.WAITING).exists()
    )
    if taken:
        raise SlugTaken(errors={"slug": [SlugTaken.message]})


def ask_for_clinic(
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
    """Note that somebody would like a clinic, and have a link sent to them. Nothing is opened.

    :param address: the network address it is asked for from
    :raises InvalidInput: the name, slug or zone is not one
    :raises SlugTaken: the address is not free
    :raises TooManyTries: too often from this address, or for this mailbox
    """
    check_fields(Clinic(name=name, slug=slug, time_zone=time_zone))
    check_slug_is_free(slug)
    take_try("sign-up by address", who=address, now=now)
    take_try("sign-up by mailbox", who=email.strip().lower(), now=now)
    return SignUp.objects.create(
        name=name,
        slug=slug,
        time_zone=time_zone,
        first_name=first_name,
        last_name=last_name,
        email=email.strip().lower(),
        expires_at=now + LINK_LASTS,
        letter=SignUp.Letter.VERIFY,
        letter_due_at=now,
    )


def link_token(sign_up: SignUp) -> str:
    """What the link in the mail carries; it stands nowhere else."""
    return _signer().sign(sign_up.pk.hex)


def sign_up_of(token: str, *, now: datetime) -> SignUp:
    """The request a link is for.

    :raises LinkOver: it is not one of ours, or its time is over
    """
    try:
        key = uuid.UUID(_signer().unsign(token))
    except (BadSignature, ValueError) as error:
        raise LinkOver from error
    sign_up = SignUp.objects.filter(pk=key, expires_at__gt=now).first()
    if sign_up is None:
        raise LinkOver
    return sign_up


@transaction.atomic
def confirm_sign_up(*, sign_up: SignUp, password: str, slug: str, now: datetime) -> SignUp:
    """The link's owner chose a password: open the clinic, or wait for approval. Done twice, it is done once.

    :param slug: the address, which may be another than the one asked for
    :raises LinkOver: its time is over
    :raises InvalidInput: the password is too weak, or the address is none
    :raises SlugTaken: the address is not free (any more)
    """
    # Behind the row's lock: of two at once, the second finds what the first has made of it.
    locked = SignUp.objects.select_for_update().filter(pk=sign_up.pk, expires_at__gt=now).first()
    if locked is None or settings.SIGN_UP == "off":
        raise LinkOver
    if locked.status != SignUp.Status.ASKED:
        return locked
    user = User(email=locked.email, first_name=locked.first_name, last_name=locked.last_name)
    check_password_strength(password, user=user)
    check_fields(Clinic(name=locked.name, slug=slug, time_zone=locked.time_zone))
    check_slug_is_free(slug)
    locked.slug, locked.password, locked.expires_at = slug, make_password(password), now + KEPT
    if settings.SIGN_UP == "open":
        return _open(locked, by=None, now=now)
    locked.status = SignUp.Status.WAITING
    return _store(locked)


@transaction.atomic
def change_slug(*, sign_up: SignUp, slug: str) -> SignUp:
    """Give what waits another address, because the one asked for is taken or will not do.

    :raises NotWaiting: it was decided already
    :raises InvalidInput: it is none
    :raises SlugTaken: it is not free
    """
    locked = _waiting(sign_up)
    if slug != locked.slug:
        check_fields(Clinic(name=locked.name, slug=slug, time_zone=locked.time_zone))
        check_slug_is_free(slug)
        locked.slug = slug
    return _store(locked)


@transaction.atomic
def approve_sign_up(*, sign_up: SignUp, by: User | None, now: datetime) -> SignUp:
    """Open what waits, and tell who asked.

    :raises NotWaiting: it was decided already
    :raises SlugTaken: the address was taken meanwhile
    """
    locked = _waiting(sign_up)
    record(what=What.APPROVED, by=by, about=[locked], note=locked.slug)
    return _open(locked, by=by, now=now)


@transaction.atomic
def refuse_sign_up(*, sign_up: SignUp, by: User | None, now: datetime) -> SignUp:
    """Turn down what waits, and tell who asked.

    :raises NotWaiting: it was decided already
    """
    locked = _waiting(sign_up)
    record(what=What.REFUSED, by=by, about=[locked], note=locked.slug)
    locked.status, locked.password = SignUp.Status.REFUSED, ""
    locked.letter, locked.letter_due_at = SignUp.Letter.REFUSED, now
    return _store(locked)


def forget_old_sign_ups(*, now: datetime) -> int:
    """Drop requests whose time is over.

    :return: how many
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
        password=None,  # the one that was chosen is here as a hash only, and follows below
        first_name=sign_up.first_name,
        last_name=sign_up.last_name,
    )
    clinic = open_clinic(
        name=sign_up.name, slug=sign_up.slug, time_zone=sign_up.time_zone, admin=admin, by=by
    )
    with enter_clinic(clinic):
        own = User.objects.get(email=sign_up.email)
        User.objects.filter(pk=own.pk).update(password=sign_up.password)
        confirm_address(user=own, now=now)  # by the link that this came through
    sign_up.status, sign_up.clinic_id, sign_up.password = SignUp.Status.OPENED, clinic.pk, ""
    sign_up.letter, sign_up.letter_due_at = SignUp.Letter.OPENED, now
    return _store(sign_up)


def _store(sign_up: SignUp) -> SignUp:
    try:
        with transaction.atomic():
            sign_up.save()
    except IntegrityError as error:
        if not constraint_of(error).startswith("signup_waits_for_slug_once"):
            raise
        raise SlugTaken(errors={"slug": [SlugTaken.message]}) from error
    return sign_up


def _signer() -> Signer:
    return Signer(sep=".", salt="sign-up for a clinic")
