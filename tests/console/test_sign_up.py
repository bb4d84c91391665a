"""Sign-up of clinics: a clinic is opened once, after the email address is confirmed."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client

from console.models import SignUp
from console.sign_up import approve_sign_up, confirm_sign_up, link_token
from console.sign_up_emails import sign_up_email
from console.tasks import forget_sign_ups, send_sign_up_letters
from tenants.accounts.models import AuditEntry, User
from tenants.base.clock import now as clock_now
from tenants.current import enter_clinic, leave_clinic
from tenants.models import Clinic
from tests.console.conftest import BASE
from tests.console.test_clinic_lifecycle import send
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.clinics import drop_clinic
from tests.factories.people import PASSWORD
from tests.factories.scenario import make_sign_up
from tests.factories.smtp_server import smtp_server
from tests.factories.threads import run_concurrently
from tests.notifications.conftest import Inbox, inbox

__all__ = ["inbox"]

LIST = "/console/console/signup/"
FORM = {
    "name": "Seaside",
    "slug": "seaside",
    "time_zone": "Europe/Lisbon",
    "first_name": "Sia",
    "last_name": "Side",
    "email": "Sia@Seaside.example",
}
LINK = re.compile(rf"http://{BASE}(/sign-up/[0-9a-f]{{32}}\.[\w-]+/)")


@pytest.fixture
def visitor(operator: User) -> Client:
    """A browser at the base domain, not signed in."""
    return Client(SERVER_NAME=BASE)


def body_of(mail: EmailMessage, kind: str = "plain") -> str:
    """Return the text or HTML part of an email."""
    part = mail.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def link_in(inbox: Inbox) -> str:
    """Send the waiting emails and return the link in the newest one."""
    send_sign_up_letters()
    found = LINK.search(body_of(inbox.mails()[-1]))
    assert found
    return found[1]


def choose_password(visitor: Client, link: str, **fields: str) -> Any:
    """Send the form that the link opens and return the response."""
    return visitor.post(link, {"password": PASSWORD, "slug": "seaside", **fields}, follow=True)


def text_of(answer: Any) -> str:
    """Return the text of a page."""
    page: str = answer.content.decode()
    return page


def test_a_clinic_signs_up_is_approved_and_its_admin_signs_in(
    visitor: Client, browser: Client, operator: User, inbox: Inbox
) -> None:
    requested_page = visitor.post("/sign-up/", FORM, follow=True)
    link = link_in(inbox)
    opened_by_scanner = visitor.get(link)
    before = Clinic.objects.filter(slug="seaside").exists()
    waiting_page = choose_password(visitor, link)
    key = str(SignUp.objects.get().pk)
    approved_page = send(
        browser, LIST, {"action": "approve_selected", "_selected_action": [key], "confirmed": "yes"}
    )
    send_sign_up_letters()
    mail = inbox.mails()[-1]

    assert "Check your email" in text_of(requested_page)
    assert (opened_by_scanner.status_code, before) == (200, False)
    assert "We will review your request" in text_of(waiting_page)
    assert "Opened: Seaside." in approved_page
    assert (mail["Subject"], mail["To"]) == ("Your clinic is open", "Sia Side <sia@seaside.example>")
    assert "http://seaside.example.localhost/admin/" in body_of(mail)
    clinic = Clinic.objects.get(slug="seaside")
    session = data_of(
        ClinicClient(clinic).post("/api/auth/login/", {"email": "sia@seaside.example", "password": PASSWORD})
    )
    assert (session["user"]["role"], session["user"]["email_verified_at"] is None) == ("admin", False)
    leave_clinic()
    log = AuditEntry.objects.filter(what__in=["approved", "opened"], by=operator).order_by("id")
    assert [(entry.what, entry.record_id) for entry in log] == [("approved", key), ("opened", str(clinic.pk))]
    assert SignUp.objects.get().password == ""
    assert "Your clinic is open." in text_of(visitor.get(link))


def test_without_approval_the_clinic_opens_at_once(visitor: Client, inbox: Inbox, settings: Any) -> None:
    settings.SIGN_UP = "open"
    visitor.post("/sign-up/", FORM)

    page = text_of(choose_password(visitor, link_in(inbox)))

    assert "Your clinic is open." in page
    assert "http://seaside.example.localhost/admin/" in page
    assert Clinic.objects.get(slug="seaside").status == "live"


def test_a_refused_sign_up_opens_nothing_and_sends_an_email(
    visitor: Client, browser: Client, operator: User, inbox: Inbox
) -> None:
    key = str(make_sign_up(slug="seaside").pk)

    send(browser, LIST, {"action": "refuse_selected", "_selected_action": [key], "confirmed": "yes"})
    send_sign_up_letters()
    again = send(browser, LIST, {"action": "approve_selected", "_selected_action": [key], "confirmed": "yes"})

    assert inbox.mails()[-1]["Subject"] == "We cannot open your clinic"
    assert "This sign-up is not waiting for approval." in again
    assert not Clinic.objects.filter(slug="seaside").exists()
    assert [entry.by for entry in AuditEntry.objects.filter(what="refused")] == [operator]


def test_sign_up_can_be_turned_off(visitor: Client, settings: Any) -> None:
    link = f"/sign-up/{link_token(make_sign_up(slug='seaside'))}/"
    settings.SIGN_UP = "off"

    statuses = [visitor.get(path).status_code for path in ("/sign-up/", "/sign-up/check-your-email/", link)]

    assert statuses == [404, 404, 404]
    assert "/sign-up/" not in text_of(visitor.get("/"))


def test_the_home_page_links_to_the_sign_up(visitor: Client) -> None:
    assert '<a href="/sign-up/">' in text_of(visitor.get("/"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"slug": "riverside"}, "This web address is already in use. Choose another."),
        ({"slug": "console"}, "This web address is already in use. Choose another."),
        ({"slug": "Sea Side"}, "Enter a valid value."),
        ({"name": ""}, "Enter the name of the clinic."),
        ({"time_zone": "Mars/Base"}, "Select a valid choice."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"name": "x" * 121}, "at most 120 characters"),
    ],
)
def test_invalid_input_is_refused_at_once(visitor: Client, change: dict[str, str], message: str) -> None:
    answer = visitor.post("/sign-up/", FORM | change)

    assert 400 <= answer.status_code < 500
    assert message in text_of(answer)
    assert "<title>Error: " in text_of(answer)
    assert not SignUp.objects.exists()


def test_an_empty_web_address_is_filled_with_a_suggestion(visitor: Client) -> None:
    answer = visitor.post("/sign-up/", FORM | {"name": "Riverside", "slug": ""})

    assert answer.status_code == 400
    assert 'value="riverside-2"' in text_of(answer)
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("token", ["x", "." * 50, "0" * 32 + ".forged", "\x00", "%00", "a" * 3000])
def test_a_forged_link_opens_nothing(visitor: Client, token: str) -> None:
    path = f"/sign-up/{token}/"

    answers = visitor.get(path), visitor.post(path, {"password": PASSWORD, "slug": "seaside"})

    assert {answer.status_code for answer in answers} == {404}


def test_a_link_expires_after_two_days(visitor: Client, inbox: Inbox) -> None:
    visitor.post("/sign-up/", FORM)
    link = link_in(inbox)

    with time_machine.travel(clock_now() + timedelta(days=2)):
        answer = choose_password(visitor, link)
        deleted = forget_sign_ups()

    assert answer.status_code == 404
    assert (deleted, SignUp.objects.count()) == (1, 0)


def test_a_weak_password_is_refused_and_the_link_still_works(visitor: Client, inbox: Inbox) -> None:
    visitor.post("/sign-up/", FORM)
    link = link_in(inbox)

    weak = choose_password(visitor, link, password="password12")
    strong = choose_password(visitor, link)

    assert (weak.status_code, strong.status_code) == (400, 200)
    assert "password12" not in text_of(weak)
    assert SignUp.objects.get().status == "waiting"


def test_a_web_address_that_was_taken_meanwhile_can_be_changed(visitor: Client, inbox: Inbox) -> None:
    visitor.post("/sign-up/", FORM)
    link = link_in(inbox)
    Clinic.objects.filter(slug="hudson").update(slug="seaside")

    taken = choose_password(visitor, link)
    choose_password(visitor, link, slug="seaside-care")

    assert "This web address is already in use. Choose another." in text_of(taken)
    assert (SignUp.objects.get().slug, SignUp.objects.get().status) == ("seaside-care", "waiting")


def test_a_web_address_that_waits_for_approval_is_reserved(visitor: Client) -> None:
    make_sign_up(slug="seaside")

    assert "This web address is already in use. Choose another." in text_of(visitor.post("/sign-up/", FORM))


def test_an_operator_can_change_a_web_address_that_was_taken(browser: Client) -> None:
    sign_up = make_sign_up(slug="seaside")
    Clinic.objects.filter(slug="hudson").update(slug="seaside")
    chosen = {"action": "approve_selected", "_selected_action": [str(sign_up.pk)], "confirmed": "yes"}

    refused = send(browser, LIST, chosen)
    send(
        browser,
        f"{LIST}{sign_up.pk}/change/",
        {"slug": "seaside-care", "name": "Changed", "status": "opened"},
    )
    page = send(browser, LIST, chosen)

    assert "This web address is already in use. Choose another." in refused
    assert "Opened: Seaside." in page
    assert Clinic.objects.get(slug="seaside-care").name == "Seaside"


@pytest.mark.parametrize(("status", "buttons"), [("asked", 0), ("waiting", 1), ("opened", 0)])
def test_a_sign_up_can_be_saved_only_while_its_web_address_can_be_changed(
    browser: Client, status: str, buttons: int
) -> None:
    sign_up = make_sign_up(slug="seaside")
    SignUp.objects.update(status=status)

    page = browser.get(f"{LIST}{sign_up.pk}/change/")

    assert text_of(page).count('name="_save"') == buttons


def test_sign_ups_are_rate_limited(visitor: Client, settings: Any) -> None:
    settings.TRY_LIMITS = {**settings.TRY_LIMITS, "sign-up by mailbox": (2, timedelta(hours=1))}

    statuses = [visitor.post("/sign-up/", FORM).status_code for _try in range(3)]
    settings.TRY_LIMITS = {**settings.TRY_LIMITS, "sign-up by address": (3, timedelta(hours=1))}
    statuses.append(visitor.post("/sign-up/", FORM | {"email": "other@seaside.example"}).status_code)

    assert statuses == [302, 302, 429, 429]


def test_submitting_several_times_at_once_opens_one_clinic(committed_clinic: Clinic, settings: Any) -> None:
    settings.SIGN_UP = "open"
    leave_clinic()
    sign_up = make_sign_up(slug="seaside")
    SignUp.objects.filter(pk=sign_up.pk).update(status="asked")
    try:
        outcomes = run_concurrently(committed_clinic, *[partial(confirm_in_public, sign_up)] * 4)

        leave_clinic()
        assert [outcome.status if isinstance(outcome, SignUp) else outcome for outcome in outcomes] == [
            "opened"
        ] * 4
        assert Clinic.objects.filter(slug="seaside").count() == 1
    finally:
        leave_clinic()
        SignUp.objects.filter(pk=sign_up.pk).delete()
        for clinic in Clinic.objects.filter(slug="seaside"):
            drop_clinic(clinic)


def confirm_in_public(sign_up: SignUp) -> SignUp:
    """Confirm from the public schema, with longer timeouts for a busy machine."""
    from django.db import connection  # noqa: PLC0415

    leave_clinic()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '30s'; SET statement_timeout = '30s'")
    return confirm_sign_up(sign_up=sign_up, password=PASSWORD, slug="seaside", now=clock_now())


def test_an_email_is_retried_when_the_mail_server_is_down(
    visitor: Client, settings: Any, inbox: Inbox
) -> None:
    visitor.post("/sign-up/", FORM)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    failed = send_sign_up_letters()
    settings.EMAIL_PORT = port
    immediately = send_sign_up_letters()
    with time_machine.travel(clock_now() + timedelta(minutes=1)):
        later, once_more = send_sign_up_letters(), send_sign_up_letters()

    assert (failed, immediately, later, once_more) == (0, 0, 1, 0)
    assert len(inbox.mails()) == 1


def test_the_email_to_an_unconfirmed_address_contains_nothing_that_somebody_typed(
    visitor: Client, inbox: Inbox
) -> None:
    visitor.post("/sign-up/", FORM | {"first_name": "URGENT", "name": "Win at evil.example"})
    send_sign_up_letters()

    (mail,) = inbox.mails()
    text = "".join([*map(str, mail.values()), *(body_of(mail, kind) for kind in ("plain", "html"))])
    assert mail["Subject"] == "Confirm your email address to open your clinic"
    assert "/sign-up/" in text
    assert ("URGENT" in text, "evil.example" in text) == (False, False)


def test_an_email_that_is_refused_for_now_is_given_up_after_the_last_attempt(
    visitor: Client, settings: Any, inbox: Inbox
) -> None:
    settings.MESSAGE_MAX_ATTEMPTS = 2
    visitor.post("/sign-up/", FORM)
    waiting = []
    with smtp_server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        server.answers["RCPT"] = "450 Try later"
        for hours in range(2):
            with time_machine.travel(clock_now() + timedelta(hours=hours)):
                send_sign_up_letters()
            waiting.append(SignUp.objects.exclude(letter="").count())

    assert waiting == [1, 0]


@pytest.mark.parametrize("letter", [letter for letter in SignUp.Letter if letter])
def test_the_emails_have_the_layout_of_all_emails(visitor: Client, letter: str) -> None:
    visitor.post("/sign-up/", FORM)
    sign_up = SignUp.objects.get()
    sign_up.letter = letter

    email = sign_up_email(sign_up)

    html = str(email.alternatives[0][0])
    assert '<meta name="color-scheme" content="light dark">' in html
    assert f">{email.subject}</h1>" in html
    assert f"<bdi>{BASE}</bdi>" in html
    assert "{{" not in html


def test_a_password_is_stored_as_a_hash_only(visitor: Client, inbox: Inbox) -> None:
    visitor.post("/sign-up/", FORM)
    choose_password(visitor, link_in(inbox))

    stored = SignUp.objects.get().password
    assert stored.startswith("argon2$")
    assert PASSWORD not in stored


@pytest.mark.parametrize("field", [*FORM, "password"])
@pytest.mark.parametrize("value", ["\x00", "\ud800", "x" * 100_000, "<script>", "\u202e", "%s{0}"])
def test_hostile_input_never_breaks_the_page(visitor: Client, field: str, value: str) -> None:
    body = "&".join(
        f"{name}={percent_encode(value if name == field else default)}" for name, default in FORM.items()
    )

    answer = visitor.generic("POST", "/sign-up/", body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code < 500


def percent_encode(value: str) -> str:
    """Percent-encode any text, surrogates included."""
    return "".join(f"%{byte:02x}" for byte in value.encode("utf-8", "surrogatepass"))


def test_the_new_clinics_admin_is_its_only_user(visitor: Client, operator: User, now: datetime) -> None:
    sign_up = make_sign_up(slug="seaside")

    opened = approve_sign_up(sign_up=sign_up, by=operator, now=now)

    assert opened.clinic_id is not None
    with enter_clinic(Clinic.objects.get(pk=opened.clinic_id)):
        assert [user.email for user in User.objects.all()] == ["sia@seaside.example"]
