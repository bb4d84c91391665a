"""A clinic's own wording of messages: placeholders, checks before saving, the admin's pages."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

import pytest

from clinics.models import ClinicSettings
from notifications.models import MessageWording
from notifications.rendering import email_of
from notifications.services.samples import SCENARIOS, sample_message
from notifications.services.wording import check_wording, save_wording
from notifications.wording.placeholders import fill_in, has_stray_braces, used_placeholders
from scheduling.models import Booking
from tenants.accounts.models import AuditEntry, User
from tenants.base.errors import InvalidInput
from tenants.models import Clinic
from tests.factories.admin_pages import get_page, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.forms import parse_form
from tests.factories.people import make_receptionist
from tests.notifications.conftest import Inbox

ADD = "notifications/messagewording/add/"
SUBJECT = "See you on {{ day }}, {{ time }} ({{ zone }})"
BODY = "We look forward to seeing you.\n\nPlease come ten minutes early. {{ how_to_cancel }}"
FORM = {"kind": "confirmation", "channel": "email", "language": "en", "subject": SUBJECT, "body": BODY}


def wording(**fields: str) -> MessageWording:
    """Return a wording of confirmations that is not saved."""
    return MessageWording(**{**FORM, **fields})


def errors_of(draft: MessageWording, now: datetime) -> dict[str, list[str]]:
    """Return the errors that keep a wording from being saved."""
    with pytest.raises(InvalidInput) as refusal:
        check_wording(wording=draft, now=now)
    return {field: [str(text) for text in texts] for field, texts in refusal.value.errors.items()}


@pytest.fixture
def admin_client(clinic: Clinic, admin: User) -> ClinicClient:
    """A client of an admin who is signed in to the clinic's admin."""
    client = ClinicClient(clinic)
    client.force_login(admin)
    return client


def part(mail: EmailMessage, kind: str) -> str:
    """Return the part of an email with this type."""
    (only,) = [found for found in mail.walk() if found.get_content_type() == kind]
    return str(only.get_content()).replace("\r\n", "\n")


def test_placeholders_are_replaced_by_plain_values() -> None:
    values = {"day": "Monday", "time": "{{ day }}", "clinic": ""}

    assert fill_in("On {{ day }}, {{time}}.", values) == "On Monday, {{ day }}."
    assert fill_in("At {{ clinic }}", values) is None
    assert fill_in("At {{ secret }}", values) is None


@pytest.mark.parametrize(
    "text",
    [
        "{{ day.__class__ }}",
        "{{ day|safe }}",
        "{{ 7 * 7 }}",
        "{{ ''.join }}",
        "{{ open('x') }}",
        "{{ day() }}",
    ],
)
def test_expressions_are_no_placeholders(clinic: Clinic, now: datetime, text: str) -> None:
    (name,) = used_placeholders(text)

    assert errors_of(wording(body=text), now)["body"] == [f"There is no placeholder “{name}”."]


@pytest.mark.parametrize("text", ["{% load x %}", "{{ day }", "{{{{ day }}", "}}", "{# hidden #}"])
def test_other_braces_are_refused(clinic: Clinic, now: datetime, text: str) -> None:
    assert has_stray_braces(text)
    assert "Write placeholders as in {{ day }}." in str(errors_of(wording(body=text), now)["body"])


@pytest.mark.parametrize(
    ("fields", "field", "error"),
    [
        ({"subject": "See you soon"}, "subject", "Add {{ day }}"),
        ({"subject": "On {{ day }}, {{ time }}"}, "subject", "Add {{ zone }}"),
        ({"subject": f"{SUBJECT} with {{{{ doctor }}}}"}, "subject", "“doctor” cannot be used here."),
        ({"kind": "cancellation"}, "body", "“how_to_cancel” cannot be used here."),
        ({"channel": "sms", "subject": "", "body": "See you on {{ day }}."}, "body", "Add {{ time }}"),
        ({"channel": "sms", "subject": SUBJECT}, "subject", "A text message has no subject."),
        ({"body": "Your {{ doktor }} waits."}, "body", "There is no placeholder “doktor”."),
        ({"subject": f"Cancer clinic: {SUBJECT}"}, "body", "“cancer” may be about health."),
        ({"body": "See you at {{ time }}."}, "body", "Name the time zone beside the time"),
        ({"body": "URGENT! COME NOW!!"}, "body", "Words in capitals"),
        ({"body": "Hello {{ name }},\n\nSee you."}, "body", "The message greets the reader twice."),
        ({"body": "To see the map, click here."}, "body", "The text of a link has to say"),
        ({"body": "See https://bit.ly/abc"}, "body", "A shortened link"),
    ],
)
def test_a_wording_that_cannot_be_used_is_refused_with_the_reason(
    clinic: Clinic, now: datetime, fields: dict[str, str], field: str, error: str
) -> None:
    errors = errors_of(wording(**fields), now)

    assert any(error in text for text in errors[field]), errors


@pytest.mark.parametrize("kind", ["confirmation", "requested", "rescheduled", "cancellation", "offer"])
def test_a_good_wording_of_each_kind_can_be_saved(clinic: Clinic, now: datetime, kind: str) -> None:
    body = "Thank you. You can find all about it below."

    assert save_wording(wording=wording(kind=kind, body=body), now=now) == []
    assert MessageWording.objects.get().kind == kind


def test_advice_does_not_prevent_saving(clinic: Clinic, now: datetime) -> None:
    (advice,) = save_wording(wording=wording(body="Please call us prior to your visit."), now=now)

    assert advice.rule == "hard_word"


def test_an_email_has_the_clinics_wording_in_the_standard_layout(
    booking: Booking, now: datetime, run_queue: Callable[[], list[str]], inbox: Inbox
) -> None:
    ClinicSettings.objects.update(phone="020 7946 0000")
    body = "We look forward to seeing you, {{ name }}.\r\n\r\nBring <b>this</b> & a pen. {{ how_to_cancel }}"
    MessageWording.objects.create(**{**FORM, "body": body})

    run_queue()

    (mail,) = inbox.mails()
    text, html = part(mail, "text/plain"), part(mail, "text/html")
    how = "To reschedule or cancel, use the link in this email or call 020 7946 0000."
    assert mail["Subject"] == "See you on Monday 25 May 2026, 6:30 pm (London time)"
    assert f"We look forward to seeing you, Pat.\n\nBring <b>this</b> & a pen. {how}" in text
    assert f"Bring &lt;b&gt;this&lt;/b&gt; &amp; a pen. {how}" in html
    assert "Your appointment at Riverside is booked." not in text
    for standard in (
        "Hello Pat,",
        "6:30 pm to 7:00 pm",
        "With: Dr",
        f"/appointments/{booking.pk}",
        "Riverside",
    ):
        assert standard in text


def test_the_standard_wording_is_used_if_a_placeholder_has_no_value(clinic: Clinic, now: datetime) -> None:
    MessageWording.objects.create(**{**FORM, "body": "See you soon, {{ name }}."})

    texts = []
    for scenario in ("in_person", "unconfirmed"):
        with sample_message("confirmation", SCENARIOS[scenario], now=now) as message:
            texts.append(str(email_of(message).body))

    assert ["See you soon, Alex." in text for text in texts] == [True, False]
    assert "Your appointment at Riverside is booked." in texts[1]


def test_a_declined_request_keeps_the_standard_wording(clinic: Clinic, now: datetime) -> None:
    MessageWording.objects.create(**{**FORM, "kind": "cancellation", "body": "Your visit is cancelled."})

    with sample_message("cancellation", SCENARIOS["in_person"], now=now) as message:
        booking = message.required_booking()
        booking.events.filter(kind="booked").update(details={"status": "PENDING"})
        email = email_of(message)

    assert "Your visit is cancelled." not in str(email.body)
    assert email.subject.startswith("Appointment request declined")


def test_an_admin_previews_a_wording_without_saving_it(admin_client: ClinicClient) -> None:
    page = submit_form(admin_client, ADD, {**FORM, "_preview": "yes"})

    assert "We look forward to seeing you." in page
    assert "This is not saved yet." in page
    assert not MessageWording.objects.exists()
    source = page.split('<iframe sandbox class="preview-phone" src="')[1].split('"')[0].replace("&amp;", "&")
    frame = admin_client.get(source)
    assert "We look forward to seeing you." in frame.content.decode()


def test_a_draft_in_a_url_cannot_be_changed(admin_client: ClinicClient) -> None:
    url = "/admin/notifications/message/preview/html/?kind=confirmation&draft=eyJraW5kIjoiY29uZiJ9:1:x"

    assert admin_client.get(url).status_code == 404


def test_an_admin_saves_changes_and_drops_a_wording_and_it_is_audited(admin_client: ClinicClient) -> None:
    submit_form(admin_client, ADD, FORM)
    saved = MessageWording.objects.get()
    change = f"notifications/messagewording/{saved.pk}/change/"
    submit_form(admin_client, change, {"subject": "", "body": "See you soon."})
    saved.refresh_from_db()
    assert (saved.subject, saved.body) == ("", "See you soon.")

    page = get_page(admin_client, f"notifications/messagewording/{saved.pk}/delete/")
    assert "Go back to the standard wording?" in page
    submit_form(admin_client, f"notifications/messagewording/{saved.pk}/delete/", parse_form(page))

    assert not MessageWording.objects.exists()
    entries = AuditEntry.objects.filter(record_id=str(saved.pk)).order_by("id")
    assert [entry.what for entry in entries] == ["added", "changed", "removed"]
    assert entries[1].changes == {"subject": [SUBJECT, ""], "body": [BODY, "See you soon."]}


def test_a_refused_wording_is_shown_again_with_its_text(admin_client: ClinicClient) -> None:
    page = submit_form(admin_client, ADD, {**FORM, "body": "See {{ nothing }}."})

    assert "There is no placeholder “nothing”." in page
    assert parse_form(page)["body"] == "See {{ nothing }}."
    assert not MessageWording.objects.exists()


def test_there_is_one_wording_for_each_message(admin_client: ClinicClient) -> None:
    submit_form(admin_client, ADD, FORM)

    page = submit_form(admin_client, ADD, FORM)

    assert "already exists" in page
    assert MessageWording.objects.count() == 1


def test_a_receptionist_cannot_change_the_wording(clinic: Clinic) -> None:
    client = ClinicClient(clinic)
    client.force_login(make_receptionist())

    assert client.get(f"/admin/{ADD}").status_code == 403
    assert client.get("/admin/notifications/message/preview/").status_code == 200
