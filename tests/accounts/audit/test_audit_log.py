"""The audit log of sign-ins, and who may read it."""

from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.test import Client

from clinics.models import Patient
from console.admin_site import console
from tenants.accounts.audit.admin_mixins import AuditChanges
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.sessions.services import end_all_sessions
from tenants.base.admin import ReadOnly
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import PASSWORD, make_admin

WRONG = "wrong horse battery"


def api_sign_in(clinic: Clinic, email: str, password: str = PASSWORD, **extra: Any) -> int:
    """Sign in through the API and return the status."""
    client = ClinicClient(clinic, **extra)
    return int(client.post("/api/auth/login/", {"email": email, "password": password}).status_code)


def admin_sign_in(clinic: Clinic, email: str, password: str = PASSWORD) -> None:
    """Try to sign in to the admin."""
    Client(SERVER_NAME="riverside.example.localhost").post(
        "/admin/login/", {"username": email, "password": password}
    )


@pytest.fixture
def desk(clinic: Clinic, admin: User) -> ClinicClient:
    """Sign an admin in to the clinic's admin."""
    client = ClinicClient(clinic)
    client.force_login(admin)
    return client


@pytest.mark.parametrize("sign_in", [api_sign_in, admin_sign_in])
def test_a_sign_in_is_logged_with_user_and_address(clinic: Clinic, admin: User, sign_in: Any) -> None:
    sign_in(clinic, admin.email)

    with enter_clinic(clinic):
        entry = AuditEntry.objects.get()
    assert (entry.what, entry.by_id, entry.record_id) == ("signed_in", admin.pk, str(admin.pk))
    assert entry.address == "127.0.0.1"


@pytest.mark.parametrize("sign_in", [api_sign_in, admin_sign_in])
def test_a_refused_sign_in_is_logged_for_the_account_without_a_user(
    clinic: Clinic, admin: User, sign_in: Any
) -> None:
    sign_in(clinic, f" {admin.email.upper()}", WRONG)

    with enter_clinic(clinic):
        entry = AuditEntry.objects.get()
    assert (entry.what, entry.by) == ("sign_in_refused", None)
    assert (entry.kind, entry.record_id) == ("accounts.user", str(admin.pk))


def test_a_patient_who_tries_the_admin_is_logged_as_refused(clinic: Clinic, patient: Patient) -> None:
    assert patient.user is not None

    admin_sign_in(clinic, patient.user.email)

    with enter_clinic(clinic):
        assert audit_entries() == [("sign_in_refused", "accounts.user", str(patient.user.pk))]


def test_an_unknown_account_is_logged_as_a_hash_that_differs_between_clinics(
    clinic: Clinic, other_clinic: Clinic
) -> None:
    for email in ("nobody@people.example", " NOBODY@people.example", "nobody.else@people.example"):
        api_sign_in(clinic, email, WRONG)
    api_sign_in(other_clinic, "nobody@people.example", WRONG)

    with enter_clinic(clinic):
        hashes = [pk for _what, _kind, pk in audit_entries(kind="unknown account")]
        stored = str(list(AuditEntry.objects.values_list()))
    with enter_clinic(other_clinic):
        ((_what, _kind, other_hash),) = audit_entries()
    assert [len(pk) for pk in hashes] == [64, 64, 64]
    assert (hashes[0] == hashes[1], hashes[0] == hashes[2], hashes[0] == other_hash) == (True, False, False)
    assert [text for text in ("nobody", "people", WRONG) if text in stored] == []


def test_signing_out_everywhere_is_logged_with_the_user_who_did_it(clinic: Clinic, admin: User) -> None:
    other = make_admin()

    end_all_sessions(user=admin)
    end_all_sessions(user=admin, by=other)

    assert audit_entries() == [("signed_out_everywhere", "accounts.user", str(admin.pk))] * 2
    assert list(AuditEntry.objects.order_by("id").values_list("by", flat=True)) == [admin.pk, other.pk]


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, "203.0.113.9", "198.51.100.7"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "10.0.0.1, 2001:db8::1", "2001:db8::1"),
        (True, "not an address", None),
    ],
)
def test_the_forwarded_address_is_trusted_only_behind_our_proxy(
    clinic: Clinic, settings: Any, behind_proxy: bool, forwarded: str, address: str | None
) -> None:
    settings.BEHIND_PROXY = behind_proxy

    api_sign_in(clinic, "nobody@people.example", REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR=forwarded)

    assert AuditEntry.objects.get().address == address


def test_admins_cannot_set_passwords(desk: ClinicClient) -> None:
    other = make_admin()
    form = {"password1": "a brand new secret", "password2": "a brand new secret", "usable_password": "true"}

    answer = desk.post(f"/admin/accounts/user/{other.pk}/password/", form, format="multipart")

    assert (answer.status_code, audit_entries()) == (403, [])
    assert User.objects.get(pk=other.pk).check_password(PASSWORD)


def test_admins_can_read_the_log_and_nobody_can_edit_it(desk: ClinicClient, clinic: Clinic) -> None:
    end_all_sessions(user=make_admin())
    entry = AuditEntry.objects.get()

    get_statuses = [
        desk.get(f"/admin/accounts/auditentry/{page}").status_code
        for page in ("", f"{entry.pk}/change/", "add/", f"{entry.pk}/delete/")
    ]
    post = desk.post(f"/admin/accounts/auditentry/{entry.pk}/change/", {"what": "read"}, format="multipart")

    assert (get_statuses, post.status_code) == ([200, 200, 403, 403], 403)
    assert AuditEntry.objects.get().what == "signed_out_everywhere"


def test_the_log_can_be_filtered_by_action_user_day_and_record(desk: ClinicClient) -> None:
    admin, other = make_admin(), make_admin()
    end_all_sessions(user=admin)
    end_all_sessions(user=other)
    at = AuditEntry.objects.latest("id").at
    day = f"at__year={at.year}&at__month={at.month}&at__day={at.day}"

    def found(query: str) -> int:
        return len(desk.get(f"/admin/accounts/auditentry/?{query}").context["cl"].result_list)

    assert [found(f"what={what}") for what in ("signed_out_everywhere", "read")] == [2, 0]
    assert [found(f"by={user}") for user in (admin.pk, "nobody")] == [1, 0]
    assert [found(day), found("at__year=2001&at__month=1&at__day=1")] == [2, 0]
    assert [found(f"q={text}") for text in (other.pk, admin.email, "elsewhere")] == [1, 1, 0]


def test_the_log_needs_the_same_number_of_queries_for_any_length(
    desk: ClinicClient, admin: User, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for _round in range(3):
        end_all_sessions(user=admin)
        with django_assert_max_num_queries(100) as queries:
            desk.get("/admin/accounts/auditentry/")
        counts.append(len(queries))

    assert counts[1] == counts[2]


def test_every_admin_page_that_writes_is_logged() -> None:
    unaudited = [
        model._meta.label
        for site in (django_admin.site, console)
        for model, page in site._registry.items()
        if not isinstance(page, AuditChanges | ReadOnly)
    ]

    # These are written by services that add the audit entry themselves.
    assert sorted(unaudited) == [
        "accounts.Invitation",
        "notifications.WebhookEndpoint",
        "scheduling.Booking",
        "scheduling.TimeOff",
        "tenants.Clinic",
    ]
