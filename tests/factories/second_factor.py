"""Authenticator apps for tests."""

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import totp

from tenants.accounts.models import User
from tenants.accounts.models.authenticator import Authenticator


def give_authenticator(user: User) -> Authenticator:
    """The app of a user who has set the second step up."""
    made: Authenticator = Authenticator.objects.create(user=user, name="app")
    return made


def code_of(device: Authenticator, *, steps: int = 0) -> str:
    """What the app shows now, or `steps` times thirty seconds from now."""
    shown: int = totp(device.bin_key, t0=-30 * steps)  # type: ignore[no-untyped-call]  # it has no types
    return f"{shown:06d}"


def wrong_code(device: Authenticator) -> str:
    """Six digits that the app shows at no time near now."""
    near = {code_of(device, steps=steps) for steps in range(-3, 4)}
    return next(code for code in (f"{number:06d}" for number in range(10)) if code not in near)


def sign_in_with_second_factor(client: Client, user: User) -> None:
    """A session in which password and code were given."""
    device = Authenticator.objects.filter(user=user, confirmed=True).first() or give_authenticator(user)
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
