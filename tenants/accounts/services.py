"""Making users and ending, starting and renewing their sessions."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from rest_framework_simplejwt.exceptions import TokenError

from tenants.accounts.audit import What, record, record_refused_sign_in
from tenants.accounts.devices import device_of
from tenants.accounts.errors import EmailTaken, InvalidCredentials, SessionOver
from tenants.accounts.limits import limited_password_check
from tenants.accounts.models import RefreshToken, User, UserSession
from tenants.accounts.second_factor import require_second_factor
from tenants.accounts.tokens import VERSION, ClinicRefreshToken, refresh_token_for
from tenants.asker import asker_program
from tenants.base.clock import now as clock_now
from tenants.base.constraints import constraint_of
from tenants.base.errors import InvalidInput

RACE = timedelta(seconds=10)
"""Two tabs may renew at once: within this time a used token is refused, after it its family ends."""


@dataclass(frozen=True, slots=True)
class Session:
    """What signing in gives: who it is and the two tokens, encoded."""

    user: User
    access: str
    refresh: str


def create_user(
    *, email: str, password: str | None, first_name: str, last_name: str, role: str, phone: str = ""
) -> User:
    """A user of the current clinic (in public: an operator).

    :raises InvalidInput: the password is too weak
    :raises EmailTaken: somebody here has this email
    """
    user = User(
        email=email.strip().lower(), first_name=first_name, last_name=last_name, role=role, phone=phone
    )
    if password is not None:
        check_password_strength(password, user=user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        if not constraint_of(error).startswith("accounts_user_email"):
            raise
        raise EmailTaken(errors={"email": [EmailTaken.message]}) from error
    return user


def check_password_strength(password: str, *, user: User, field: str = "password") -> None:
    """Hold `password` against the project's validators.

    :param field: what the form calls it
    :raises InvalidInput: it is too weak; `errors` says why
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(errors={field: list(error.messages)}) from error


def sign_in(*, email: str, password: str, address: str, now: datetime) -> Session:
    """Start a session.

    :param address: the network address it is asked for from
    :raises InvalidCredentials: they do not match, or the user may not sign in
    :raises SecondFactorRequired: they match, and a code is to come
    :raises TooManyTries: this account, or from this address, has failed too often
    """
    with limited_password_check(email=email, address=address, now=now):
        user = authenticate(username=email, password=password)
        if not isinstance(user, User):
            record_refused_sign_in(email=email)
            raise InvalidCredentials
    require_second_factor(user=user)
    return welcome(user=user, now=now)


@transaction.atomic
def welcome(*, user: User, now: datetime) -> Session:
    """Start the session of somebody who has proven who they are, and write down that they came."""
    User.objects.filter(pk=user.pk).update(last_login=now)
    record(what=What.SIGNED_IN, by=user, about=[user])
    return start_session(user=user, now=now)


@transaction.atomic
def start_session(*, user: User, family: uuid.UUID | None = None, now: datetime | None = None) -> Session:
    """Give `user` a pair of tokens; `family` is the session it continues."""
    family = family or uuid.uuid4()
    token = refresh_token_for(user, session_id=family)
    expires_at = datetime.fromtimestamp(token["exp"], tz=UTC)
    RefreshToken.objects.create(digest=digest_of(token), user=user, family=family, expires_at=expires_at)
    browser, system = device_of(asker_program())
    used = {"last_used_at": now or clock_now(), "expires_at": expires_at}
    UserSession.objects.update_or_create(
        pk=family,
        defaults=used,
        create_defaults={"user": user, "browser": browser, "system": system, **used},
    )
    return Session(user=user, access=str(token.access_token), refresh=str(token))


def renew_session(*, refresh: str, now: datetime) -> Session:
    """Exchange a refresh token for a new pair. Of any number that try at once, one succeeds.

    :raises SessionOver: it is not good (any more); a used one ends its whole family
    """
    token = read_refresh_token(refresh)
    digest = digest_of(token)
    with transaction.atomic():
        # The condition stands in the UPDATE itself, so Postgres checks it again behind the row's lock.
        claimed = RefreshToken.objects.filter(digest=digest, used_at=None).update(used_at=now)
        given = RefreshToken.objects.select_related("user").filter(digest=digest).first()
        if given and claimed and given.user.is_active and given.user.token_version == token.get(VERSION):
            return start_session(user=given.user, family=given.family, now=now)
    if given and given.used_at and now - given.used_at > RACE:
        end_family(family=given.family, user=given.user, by=None, note="a used token came back")
    raise SessionOver


def end_session(*, refresh: str) -> None:
    """Kill a refresh token and all its family, at once.

    :raises SessionOver: it is not a refresh token of this clinic
    """
    digest = digest_of(read_refresh_token(refresh))
    given = RefreshToken.objects.select_related("user").filter(digest=digest).first()
    if given is not None:
        end_family(family=given.family, user=given.user, by=given.user)


@transaction.atomic
def end_family(*, family: uuid.UUID, user: User, by: User | None, note: str = "") -> bool:
    """End one session of `user`: none of its tokens works with the next request.

    :param by: whose doing it is; None where it was nobody's
    :return: whether there was such a session
    """
    tokens = RefreshToken.objects.filter(family=family, user=user)
    # Locked first: a renewal under way ends before the next statement, which then sees what it gave.
    list(tokens.select_for_update().values_list("digest"))
    tokens.delete()
    ended, _rows = UserSession.objects.filter(pk=family, user=user).delete()
    if ended:
        record(what=What.SESSION_ENDED, by=by, about=[user], note=note)
    return bool(ended)


@transaction.atomic
def end_all_sessions(*, user: User, by: User | None = None) -> None:
    """Sign `user` out everywhere: the tokens they hold stop working with the next request.

    :param by: whose doing it is; their own where nobody is named
    """
    User.objects.filter(pk=user.pk).update(token_version=F("token_version") + 1)
    RefreshToken.objects.filter(user=user).delete()
    UserSession.objects.filter(user=user).delete()
    record(what=What.SIGNED_OUT_EVERYWHERE, by=by or user, about=[user])


def read_refresh_token(encoded: str) -> ClinicRefreshToken:
    """Decode and check a refresh token.

    :raises SessionOver: it is not one, has ended, or is another clinic's
    """
    try:
        return ClinicRefreshToken(encoded)
    except TokenError as error:
        raise SessionOver from error


def digest_of(token: ClinicRefreshToken) -> str:
    """What is stored of a refresh token: enough to know it again, useless to whoever reads the table."""
    return hashlib.sha256(token["jti"].encode()).hexdigest()
