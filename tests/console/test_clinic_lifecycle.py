"""Suspending, resuming and renaming clinics in the console and on the command line."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tenants.accounts.models import AuditEntry, PasswordReset, User
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.console.conftest import BASE
from tests.factories.audit import audit_entries
from tests.factories.people import PASSWORD
from tests.factories.queue import queued_job_kinds
from tests.factories.second_factor import code_of, give_authenticator

LIST = "/console/tenants/clinic/"


def send(browser: Client, path: str, data: dict[str, Any]) -> str:
    """Post a form and read the page it leads to."""
    answer = browser.post(path, data, follow=True)
    assert answer.status_code == 200
    page: str = answer.content.decode()
    return page


def choose(action: str, *slugs: str) -> dict[str, Any]:
    """Return the form data of an action for these clinics in the list."""
    chosen = [str(pk) for pk in Clinic.objects.filter(slug__in=slugs).values_list("pk", flat=True)]
    return {"action": action, "_selected_action": chosen}


def statuses() -> dict[str, str]:
    """Return each clinic's status by slug."""
    return dict(Clinic.objects.values_list("slug", "status"))


def test_suspending_asks_for_confirmation_and_names_the_clinic(browser: Client) -> None:
    page = send(browser, LIST, choose("suspend_selected", "riverside"))

    assert "Riverside (riverside), live" in page
    assert "Hudson" not in page
    assert statuses() == {"riverside": "live", "hudson": "live"}


def test_confirmed_clinics_are_suspended_and_resumed(browser: Client) -> None:
    suspend_page = send(browser, LIST, {**choose("suspend_selected", "riverside"), "confirmed": "yes"})
    suspended = statuses()
    resume_page = send(browser, LIST, {**choose("resume_selected", "riverside"), "confirmed": "yes"})

    assert "Suspended: Riverside." in suspend_page
    assert suspended == {"riverside": "suspended", "hudson": "live"}
    assert "Resumed: Riverside." in resume_page
    assert statuses() == {"riverside": "live", "hudson": "live"}


def test_if_one_clinic_cannot_be_suspended_none_is(browser: Client) -> None:
    Clinic.objects.filter(slug="riverside").update(status="suspended")

    page = send(browser, LIST, {**choose("suspend_selected", "riverside", "hudson"), "confirmed": "yes"})

    assert "Riverside is already suspended." in page
    assert statuses() == {"riverside": "suspended", "hudson": "live"}


def test_a_clinic_can_be_renamed_and_nothing_else_changes(browser: Client) -> None:
    riverside = Clinic.objects.get(slug="riverside")

    send(browser, f"{LIST}{riverside.pk}/change/", {"name": "Riverbank", "slug": "other", "status": "other"})

    riverside.refresh_from_db()
    assert (riverside.name, riverside.slug, riverside.status) == ("Riverbank", "riverside", "live")


def test_an_invalid_name_is_refused_on_the_page(browser: Client) -> None:
    riverside = Clinic.objects.get(slug="riverside")

    page = send(browser, f"{LIST}{riverside.pk}/change/", {"name": "River\nside"})

    assert "Enter the name in one line, without control characters." in page
    assert Clinic.objects.get(pk=riverside.pk).name == "Riverside"


def run(*arguments: str) -> str:
    """Run a command and return its output."""
    output = StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue()


@pytest.mark.usefixtures("operator")
def test_commands_suspend_rename_and_resume_a_clinic() -> None:
    outputs = [run("suspend_clinic", "riverside"), run("rename_clinic", "riverside", "Riverbank")]
    changed = Clinic.objects.get(slug="riverside")
    outputs.append(run("resume_clinic", "riverside"))

    assert (changed.status, changed.name) == ("suspended", "Riverbank")
    assert statuses()["riverside"] == "live"
    assert [output.split(".")[0] for output in outputs] == [
        "Riverside was suspended",
        "Riverside was renamed to Riverbank",
        "Riverbank was resumed",
    ]


@pytest.mark.usefixtures("operator")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["suspend_clinic", "nowhere"], "There is no clinic “nowhere”."),
        (["resume_clinic", "riverside"], "Riverside is not suspended."),
        (["rename_clinic", "riverside", " "], "This field cannot be blank."),
    ],
)
def test_commands_explain_refusals(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=f"^{message}$"):
        run(*arguments)


def audit_log_of(slug: str) -> list[tuple[str, str, str]]:
    """Return action, user and note of each audit entry about a clinic, without its opening."""
    clinic = Clinic.objects.get(slug=slug)
    rows = AuditEntry.objects.filter(kind="tenants.clinic", record_id=str(clinic.pk)).exclude(what="opened")
    return [(row.what, row.by.email if row.by else "", row.note) for row in rows.order_by("id")]


def test_actions_of_operators_are_in_the_audit_log(browser: Client, operator: User) -> None:
    riverside = Clinic.objects.get(slug="riverside")

    send(browser, LIST, {**choose("suspend_selected", "riverside"), "confirmed": "yes"})
    send(browser, LIST, {**choose("resume_selected", "riverside"), "confirmed": "yes"})
    send(browser, f"{LIST}{riverside.pk}/change/", {"name": "Riverbank"})
    page = browser.get("/console/accounts/auditentry/", {"q": str(riverside.pk)}).content.decode()

    assert audit_log_of("riverside") == [
        ("suspended", operator.email, "riverside"),
        ("resumed", operator.email, "riverside"),
        ("renamed", operator.email, "riverside: Riverside → Riverbank"),
    ]
    assert "riverside: Riverside → Riverbank" in page


def test_a_refused_action_is_not_in_the_audit_log(browser: Client) -> None:
    send(browser, LIST, {**choose("resume_selected", "riverside"), "confirmed": "yes"})

    assert audit_log_of("riverside") == []


@pytest.mark.usefixtures("operator")
def test_commands_are_audited_without_a_user() -> None:
    run("suspend_clinic", "riverside")

    assert audit_log_of("riverside") == [("suspended", "", "riverside")]


OPENING = {
    "name": "Seaside",
    "slug": "seaside",
    "time_zone": "Europe/Lisbon",
    "admin_email": "sea@side.example",
    "admin_first_name": "Sia",
    "admin_last_name": "Side",
}


def test_opening_a_clinic_is_audited(browser: Client, operator: User) -> None:
    send(browser, f"{LIST}add/", {**OPENING, "admin_password": PASSWORD})

    opened = AuditEntry.objects.get(what="opened", record_id=str(Clinic.objects.get(slug="seaside").pk))
    assert (opened.by, opened.note, opened.address) == (operator, "seaside: Seaside", "127.0.0.1")


@pytest.mark.usefixtures("operator")
def test_a_first_admin_without_a_password_is_emailed_a_link(browser: Client) -> None:
    send(browser, f"{LIST}add/", OPENING)

    clinic = Clinic.objects.get(slug="seaside")
    assert queued_job_kinds(clinic_id=clinic.pk) == ["password_reset"]
    with enter_clinic(clinic):
        assert PasswordReset.objects.get().email == "sea@side.example"
        assert not User.objects.get().has_usable_password()


def test_signing_in_to_the_console_is_audited(operator: User) -> None:
    browser, device = Client(SERVER_NAME=BASE), give_authenticator(operator)
    for password in ("wrong horse battery", PASSWORD):
        browser.post("/console/login/", {"username": operator.email, "password": password})
    before = audit_entries(kind="accounts.user")
    browser.post("/console/second-factor/code/", {"code": code_of(device)})

    assert before == [("sign_in_refused", "accounts.user", str(operator.pk))]
    assert audit_entries(kind="accounts.user") == [
        ("sign_in_refused", "accounts.user", str(operator.pk)),
        ("signed_in", "accounts.user", str(operator.pk)),
    ]
