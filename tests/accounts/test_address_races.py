"""The links that reset a password or change the address are used while something else changes them."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tenants.accounts.email_change import services as email_change
from tenants.accounts.email_change.services import (
    change_token,
    confirm_email_change,
    request_email_change,
    resend_change_link,
)
from tenants.accounts.errors import LinkInvalid
from tenants.accounts.models import EmailChange, User
from tenants.accounts.passwords import services as passwords
from tenants.accounts.passwords.services import request_reset, reset_to_send, reset_token
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import PASSWORD, make_patient, user_of
from tests.factories.threads import run_concurrently

NEW = "another horse, another staple"


def meet(monkeypatch: pytest.MonkeyPatch, *meetings: tuple[Any, str]) -> None:
    """Have the first calls of these functions wait for one another after they have run."""
    barrier = threading.Barrier(len(meetings))

    def waiting(function: Callable[..., Any]) -> Callable[..., Any]:
        called = threading.Event()

        def run(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            if not called.is_set():
                called.set()
                barrier.wait(timeout=10)
            return result

        return run

    for module, name in meetings:
        monkeypatch.setattr(module, name, waiting(getattr(module, name)))


@pytest.mark.parametrize(("guarded", "statuses"), [(True, [200, 409]), (False, [200, 503])])
def test_of_a_reset_and_a_change_of_address_one_succeeds_and_the_other_is_refused(
    committed_clinic: Clinic, monkeypatch: pytest.MonkeyPatch, *, guarded: bool, statuses: list[int]
) -> None:
    user = user_of(make_patient())
    change = request_email_change(
        user=user, email="new@people.example", password=PASSWORD, address="", now=clock_now()
    )
    reset = reset_to_send(
        reset_id=request_reset(email=user.email, address="", now=clock_now()).pk, now=clock_now()
    )
    assert reset is not None
    body = {"token": reset_token(reset), "password": NEW}
    if not guarded:
        for module, name in ((passwords, "reset_password"), (email_change, "_change_address")):
            monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)
        monkeypatch.setattr("tenants.accounts.passwords.api.reset_password", passwords.reset_password)
    # Each has taken its first locks when the other goes on: the row of the request, and the user's.
    meet(monkeypatch, (passwords, "lock_unless_taken"), (email_change, "check_email_is_free"))
    client, other = ClinicClient(committed_clinic), ClinicClient(committed_clinic)

    answers = run_concurrently(
        committed_clinic,
        lambda: client.post("/api/auth/password/reset/confirm/", body),
        lambda: other.post(
            "/api/auth/email/change/confirm/", {"token": change_token(change), "password": PASSWORD}
        ),
    )

    assert sorted(getattr(answer, "status_code", 0) for answer in answers) == statuses
    changed = User.objects.get(pk=user.pk)
    assert changed.check_password(NEW) != (changed.email == "new@people.example")


def test_a_link_that_is_used_while_it_is_sent_again_is_refused(
    committed_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = user_of(make_patient())
    change = request_email_change(
        user=user, email="new@people.example", password=PASSWORD, address="", now=clock_now()
    )
    # The link has found its request when the other has locked the user.
    meet(monkeypatch, (email_change, "lock_email"), (email_change, "limit_verifications"))

    used, resent = run_concurrently(
        committed_clinic,
        lambda: confirm_email_change(
            token=change_token(change), password=PASSWORD, address="", now=clock_now()
        ),
        lambda: resend_change_link(user=user, address="", now=clock_now()),
    )

    assert isinstance(used, LinkInvalid)
    assert EmailChange.objects.get() == resent
    assert User.objects.get(pk=user.pk).email == user.email
