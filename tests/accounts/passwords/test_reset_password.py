"""Resetting the password through a link in an email."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.models import Patient
from tenants.accounts.errors import LinkInvalid
from tenants.accounts.models import PasswordReset, User
from tenants.accounts.passwords.services import (
    change_password,
    request_reset,
    reset_password,
    reset_to_send,
    reset_token,
)
from tenants.accounts.sessions.services import start_session
from tenants.base.clock import now as clock_now
from tenants.base.errors import InvalidInput
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import PASSWORD, make_patient
from tests.factories.queue import queued_jobs
from tests.factories.threads import run_concurrently

NEW = "another horse, another staple"
SENT = "If there is an account with this email address, we have sent it a link."
INVALID_LINK: dict[str, Any] = {
    "success": False,
    "data": None,
    "message": "This link no longer works. Ask for a new one.",
    "code": "link_over",
    "errors": {},
}


def user_of(patient: Patient) -> User:
    """Return the patient's account."""
    assert patient.user is not None
    return patient.user


def link_for(user: User, *, now: datetime) -> str:
    """Return the token that was sent to `user`."""
    reset = reset_to_send(reset_id=request_reset(email=user.email, address="192.0.2.1", now=now).pk, now=now)
    assert reset is not None
    return reset_token(reset)


def request_link(clinic: Clinic, email: str) -> Any:
    """Request a link and return the response."""
    return ClinicClient(clinic).post("/api/auth/password/reset/", {"email": email})


def confirm(clinic: Clinic, token: str, password: str = NEW) -> Any:
    """Use a link and return the response."""
    sent = {"token": token, "password": password}
    return ClinicClient(clinic).post("/api/auth/password/reset/confirm/", sent)


def test_a_known_and_an_unknown_address_get_the_same_response_with_the_same_queries(
    clinic: Clinic, patient: Patient
) -> None:
    results = []
    request_link(clinic, "somebody@people.example")  # caches the host, so that later queries can be compared
    for email in (user_of(patient).email, "nobody@people.example"):
        with CaptureQueriesContext(connection) as queries:
            answer = request_link(clinic, email)
        work = [query["sql"].split()[0] for query in queries]
        results.append((answer.status_code, answer.json(), work))

    assert results[0] == results[1]
    assert results[0][:2] == (200, {"success": True, "data": None, "message": SENT})
    assert len(queued_jobs(kind="password_reset")) == 3


def test_a_link_sets_a_new_password_and_ends_every_session(clinic: Clinic, patient: Patient) -> None:
    user, session = user_of(patient), start_session(user=user_of(patient))

    answer = confirm(clinic, link_for(user, now=clock_now()))

    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session.access}")
    assert (answer.status_code, answer.json()["data"]) == (200, None)
    assert User.objects.get(pk=user.pk).check_password(NEW)
    assert client.get("/api/auth/profile/").status_code == 401
    refreshed = ClinicClient(clinic).post("/api/auth/refresh/", {"refresh": session.refresh})
    assert refreshed.status_code == 401


def test_the_token_is_stored_neither_in_the_table_nor_in_the_queue(
    clinic: Clinic, patient: Patient, now: datetime
) -> None:
    token = link_for(user_of(patient), now=now)

    stored = [*PasswordReset.objects.values_list(), *(vars(line) for line in queued_jobs())]

    assert token.partition(".")[2] not in str(stored)


def test_a_link_works_once(clinic: Clinic, patient: Patient) -> None:
    token = link_for(user_of(patient), now=clock_now())

    answers = [confirm(clinic, token), confirm(clinic, token, "a third horse, a third staple")]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json() == INVALID_LINK
    assert User.objects.get(pk=user_of(patient).pk).check_password(NEW)


@pytest.mark.parametrize(("late", "works"), [(-1, True), (0, False), (1, False)])
def test_a_link_expires_after_an_hour(
    clinic: Clinic, patient: Patient, now: datetime, late: int, works: bool
) -> None:
    token = link_for(user_of(patient), now=now)
    then = now + timedelta(hours=1, seconds=late)

    if works:
        reset_password(token=token, password=NEW, now=then)
    else:
        with pytest.raises(LinkInvalid):
            reset_password(token=token, password=NEW, now=then)

    assert User.objects.get(pk=user_of(patient).pk).check_password(NEW) == works


def test_an_invalid_link_is_refused_like_an_expired_one(clinic: Clinic, patient: Patient) -> None:
    token = link_for(user_of(patient), now=clock_now())
    reset = PasswordReset.objects.get()

    forged_tokens = [
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token.partition(".")[0],
        reset.pk.hex + ".",
        "x",
    ]

    assert [confirm(clinic, forged_token).json() for forged_token in forged_tokens] == [INVALID_LINK] * 4


def test_a_link_of_another_clinic_is_refused_even_for_a_row_with_the_same_id(
    clinic: Clinic, other_clinic: Clinic, patient: Patient
) -> None:
    user = user_of(patient)
    token = link_for(user, now=clock_now())
    row = PasswordReset.objects.get()
    with enter_clinic(other_clinic):
        User.objects.create(pk=user.pk, email=user.email, first_name="Pat", last_name="Twin")
        row.save(force_insert=True)

    assert confirm(other_clinic, token).json() == INVALID_LINK


def test_changing_the_password_invalidates_earlier_links(clinic: Clinic, patient: Patient) -> None:
    token = link_for(user_of(patient), now=clock_now())
    change_password(
        user=user_of(patient),
        current_password=PASSWORD,
        new_password=NEW,
        address="192.0.2.1",
        now=clock_now(),
    )

    assert confirm(clinic, token, "a third horse, a third staple").json() == INVALID_LINK


def test_a_deactivated_user_gets_no_link_and_cannot_use_one(
    clinic: Clinic, patient: Patient, now: datetime
) -> None:
    token = link_for(user_of(patient), now=clock_now())
    User.objects.filter(pk=user_of(patient).pk).update(is_active=False)

    reset = request_reset(email=user_of(patient).email, address="192.0.2.1", now=now)

    assert reset_to_send(reset_id=reset.pk, now=now) is None
    assert confirm(clinic, token).json() == INVALID_LINK


def test_a_weak_password_is_refused_and_the_link_stays_valid(
    clinic: Clinic, patient: Patient, now: datetime
) -> None:
    token = link_for(user_of(patient), now=now)

    with pytest.raises(InvalidInput) as refused:
        reset_password(token=token, password="password123", now=now)
    reset_password(token=token, password=NEW, now=now)

    assert list(refused.value.errors) == ["password"]
    assert User.objects.get(pk=user_of(patient).pk).check_password(NEW)


def race(clinic: Clinic, calls: list[Callable[[], None]]) -> list[type]:
    """Run all of `calls` concurrently and return the types of their results."""
    return sorted(
        (type(outcome) for outcome in run_concurrently(clinic, *calls)), key=lambda kind: kind.__name__
    )


def test_of_sixteen_concurrent_uses_of_a_link_one_succeeds(committed_clinic: Clinic) -> None:
    now = clock_now()
    token = link_for(user_of(make_patient()), now=now)
    use = [partial(reset_password, token=token, password=f"{NEW} {number}", now=now) for number in range(16)]

    assert race(committed_clinic, list(use)) == [LinkInvalid] * 15 + [type(None)]


def test_of_five_links_of_a_user_used_at_once_one_works(committed_clinic: Clinic) -> None:
    now, user = clock_now(), user_of(make_patient())
    links = [link_for(user, now=now) for _ in range(5)]
    use = [partial(reset_password, token=link, password=NEW, now=now) for link in links]

    assert race(committed_clinic, list(use)) == [LinkInvalid] * 4 + [type(None)]
