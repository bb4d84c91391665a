"""Remembers devices on which a user has signed in, so that strangers cannot lock the user out on them.

See OWASP, "Slow Down Online Guessing Attacks with Device Cookies". The cookie signs nobody in. It only
decides by what a wrong password is counted: by this device, or together with all unknown devices.
"""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from tenants.accounts.models import User
from tenants.current import current_clinic_or_none

_LIFETIME = timedelta(days=180)
_MAX_USERS = 5
"""How many users one browser remembers. The least recent one is forgotten first."""


def known_device(request: Any, *, email: str) -> str:
    """Return the id of this device if the owner of `email` has signed in on it; else "".

    A change of the password, or signing out everywhere, makes all devices of a user unknown.
    """
    devices = _devices(request)
    owner = User.objects.owner_of(email) if devices else None
    if owner is None or owner.pk.hex not in devices:
        return ""
    device, version = devices[owner.pk.hex]
    return f"{owner.pk.hex} {device}" if version == owner.token_version else ""


def remember_device(request: Any, response: HttpResponse, *, user: User) -> None:
    """Mark this device as known to `user`, who has just signed in.

    Does nothing for an account that does not own its address: its attempts count as a stranger's.
    """
    if not user.owns_email:
        return
    devices, key = _devices(request), user.pk.hex
    device = devices.pop(key, [uuid.uuid4().hex])[0]
    newest = dict([*devices.items(), (key, [device, user.token_version])][-_MAX_USERS:])
    response.set_cookie(
        settings.DEVICE_COOKIE,
        signing.dumps(newest, salt=_salt(), compress=True),
        max_age=_LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _devices(request: HttpRequest) -> dict[str, list[Any]]:
    """Return the device id and token version for each user in the cookie; empty if it is not ours."""
    try:
        devices: dict[str, list[Any]] = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE, ""), salt=_salt(), max_age=_LIFETIME
        )
    except signing.BadSignature:
        return {}
    return devices


def _salt() -> str:
    clinic = current_clinic_or_none()
    return f"known devices at {clinic.pk if clinic else 'the platform'}"
