"""Authenticator apps for tests."""

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import totp

from tenants.accounts.models import User
from tenants.accounts.models.authenticator import Authenticator


def give_authenticator(user: User) -> Authenticator:
    """Set up an authenticator app for the user."""
    authenticator: Authenticator = Authenticator.objects.create(user=user, name="app")
    return authenticator


def code_of(device: Authenticator, *, steps: int = 0) -> str:
    """Return the code that the app shows now, or `steps` times thirty seconds from now."""
    code: int = totp(device.bin_key, t0=-30 * steps)  # type: ignore[no-untyped-call]  # it has no types
    return f"{code:06d}"


def wrong_code(device: Authenticator) -> str:
    """Return a code that the app does not show now or within a few steps."""
    current_codes = {code_of(device, steps=steps) for steps in range(-3, 4)}
    return next(code for code in (f"{number:06d}" for number in range(10)) if code not in current_codes)


def sign_in_with_second_factor(client: Client, user: User) -> None:
    """Sign in with a session that has passed the second factor."""
    device = Authenticator.objects.filter(user=user, confirmed=True).first() or give_authenticator(user)
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
