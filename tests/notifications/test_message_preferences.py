"""Recipients choose which optional messages they get: by the link in an email, in one click, or signed in."""

from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from clinics.models import Patient
from notifications.models import Message, MessagePreference
from notifications.preference_links import preferences_url
from notifications.preferences import is_wanted
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_dependant, make_patient, user_of
from tests.factories.schedule import make_slot
from tests.factories.waitlist import make_entry, make_offer_to
from tests.notifications.conftest import Inbox

RunQueue = Callable[[], list[str]]
API = "/api/users/me/message-preferences/"
TOPICS = ["reminders", "questionnaires", "follow_ups", "offers"]


def link_path(url: str) -> str:
    """Return the path of a link, with its query."""
    return "/" + url.split("/", 3)[3]


def wanted(user: User) -> dict[str, bool]:
    """Return the stored choices by topic."""
    return dict(MessagePreference.objects.filter(user=user).values_list("topic", "is_wanted"))


class Form(HTMLParser):
    """The boxes and buttons of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.boxes: dict[str, bool] = {}
        self.buttons = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a box or a button."""
        values = dict(attrs)
        if tag == "input":
            self.boxes[str(values["name"])] = "checked" in values
        self.buttons += tag == "button"


def form_of(response: Any) -> Form:
    """Return the form in a page."""
    return Form(response.content.decode())


def post_form(client: ClinicClient, path: str, data: dict[str, str]) -> Any:
    """Submit a form."""
    return client.post(path, data, format="multipart")


def test_the_page_shows_all_topics_and_changes_nothing(clinic: Clinic, user: User) -> None:
    client = ClinicClient(clinic)

    response = client.get(link_path(preferences_url(user, topic="offers")))

    form = form_of(response)
    assert (response.status_code, form.boxes) == (200, {f"{topic}.email": True for topic in TOPICS})
    assert (form.buttons, MessagePreference.objects.count()) == (1, 0)
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert user.email not in response.content.decode()


def test_the_form_stores_all_choices(clinic: Clinic, user: User) -> None:
    client, path = ClinicClient(clinic), link_path(preferences_url(user))

    saved = post_form(client, path, {"reminders.email": "on"})
    shown = client.get(saved["Location"])

    assert saved.status_code == 303
    assert wanted(user) == {topic: topic == "reminders" for topic in TOPICS}
    assert form_of(shown).boxes["reminders.email"]
    assert "Your choices are saved." in shown.content.decode()
    assert post_form(client, path, {f"{topic}.email": "on" for topic in TOPICS}).status_code == 303
    assert set(wanted(user).values()) == {True}


def test_a_mail_program_unsubscribes_from_one_topic_in_one_click(clinic: Clinic, user: User) -> None:
    client, path = ClinicClient(clinic), link_path(preferences_url(user, topic="offers"))

    statuses = [post_form(client, path, {"List-Unsubscribe": "One-Click"}).status_code for _ in range(2)]

    assert (statuses, wanted(user)) == ([200, 200], {"offers": False})


@pytest.mark.parametrize("topic", ["", "confirmations", "offers\0", "x" * 5000])
def test_one_click_for_an_unknown_topic_changes_nothing(clinic: Clinic, user: User, topic: str) -> None:
    path = link_path(preferences_url(user))

    response = ClinicClient(clinic).post(
        f"{path}?topic={topic}", {"List-Unsubscribe": "One-Click"}, format="multipart"
    )

    assert (response.status_code, MessagePreference.objects.count()) == (400, 0)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_link_changes_nothing(
    clinic: Clinic, other_clinic: Clinic, user: User, patient: Patient, method: str
) -> None:
    token = link_path(preferences_url(user)).rpartition("/")[2]
    row, signature = token.split(".")
    other = user_of(make_patient())
    with enter_clinic(other_clinic):
        foreign = link_path(preferences_url(user_of(make_patient()))).rpartition("/")[2]
    forged = [
        f"{other.pk.hex}.{signature}",
        f"{row}.{signature[:-1]}",
        row,
        f"{row}.",
        "x",
        foreign,
        f"{row}.{signature}.{signature}",
        "\u00e9",
    ]

    client = ClinicClient(clinic)
    statuses = {getattr(client, method)(f"/message-preferences/{each}").status_code for each in forged}

    assert (statuses, MessagePreference.objects.count()) == ({404}, 0)


def test_a_link_ends_with_the_address_and_the_account(clinic: Clinic, user: User) -> None:
    client, path = ClinicClient(clinic), link_path(preferences_url(user))

    User.objects.filter(pk=user.pk).update(email="new@people.example")
    moved = client.get(path).status_code
    User.objects.filter(pk=user.pk).update(email=user.email, is_active=False)
    closed = client.get(path).status_code

    assert (moved, closed) == (404, 404)


def test_requests_of_one_address_are_limited(clinic: Clinic, user: User, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "message preferences by address": 2}
    client = ClinicClient(clinic)

    responses = [client.get("/message-preferences/x") for _ in range(6)]

    assert 429 in {response.status_code for response in responses}
    assert "Retry-After" in next(each for each in responses if each.status_code == 429)


@pytest.fixture
def offer_email(booking: Booking, patient: Patient, run_queue: RunQueue, inbox: Inbox, now: Any) -> Any:
    """The email about an offer of the waiting list."""
    entry = make_entry(patient, booking.doctor, now=now)
    slot = make_slot(booking.doctor, booking.starts_at + timedelta(hours=1))
    make_offer_to(entry, slot, ends_at=now + timedelta(hours=5), now=now)
    run_queue()
    return next(mail for mail in inbox.mails() if mail["Subject"].startswith("Appointment available"))


def test_an_optional_email_can_be_unsubscribed_by_its_headers(
    clinic: Clinic, user: User, offer_email: Any
) -> None:
    assert offer_email["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = str(offer_email["List-Unsubscribe"]).strip().strip("<>")
    assert url == preferences_url(user, topic="offers")

    status = post_form(ClinicClient(clinic), link_path(url), {"List-Unsubscribe": "One-Click"}).status_code

    assert (status, is_wanted(user, kind="offer")) == (200, False)
    body = offer_email.get_body(("plain",)).get_content()
    assert preferences_url(user) in body


def test_an_email_that_is_always_sent_has_no_such_header(
    booking: Booking, run_queue: RunQueue, inbox: Inbox
) -> None:
    run_queue()

    assert [mail["List-Unsubscribe"] for mail in inbox.mails()] == [None]


def test_an_offer_is_not_emailed_after_its_topic_was_switched_off(
    clinic: Clinic, booking: Booking, patient: Patient, user: User, run_queue: RunQueue, *, now: Any
) -> None:
    post_form(ClinicClient(clinic), link_path(preferences_url(user)), {})
    entry = make_entry(patient, booking.doctor, now=now)
    slot = make_slot(booking.doctor, booking.starts_at + timedelta(hours=1))
    make_offer_to(entry, slot, ends_at=now + timedelta(hours=5), now=now)

    run_queue()

    assert Message.objects.get(kind="offer").dropped_because == "not_wanted"
    assert Message.objects.get(kind="confirmation").status == "SENT"


def test_the_api_shows_and_stores_the_choices(
    clinic: Clinic, user: User, client_for: Callable[..., ClinicClient]
) -> None:
    client = client_for(clinic, user)
    off = [{"topic": "offers", "channel": "email", "is_wanted": False}]

    before = data_of(client.get(API))["preferences"]
    after = data_of(client.put(API, {"preferences": off}))["preferences"]

    assert before == [{"topic": topic, "channel": "email", "is_wanted": True} for topic in TOPICS]
    assert after == [*before[:3], *off] == data_of(client.get(API))["preferences"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"preferences": []},
        {"preferences": {}},
        {"preferences": [{"topic": "offers", "channel": "email"}]},
        {"preferences": [{"topic": "confirmations", "channel": "email", "is_wanted": False}]},
        {"preferences": [{"topic": "offers", "channel": "sms", "is_wanted": False}]},
        {"preferences": [{"topic": "offers", "channel": "email", "is_wanted": None}]},
        {"preferences": [{"topic": "offers", "channel": "email", "is_wanted": False, "user": "x"}]},
        {"preferences": [{"topic": "offers", "channel": "email", "is_wanted": False}] * 2},
        {"preferences": [{"topic": "offers", "channel": "email", "is_wanted": False}], "user": "x"},
    ],
)
def test_choices_that_are_not_valid_are_refused(
    clinic: Clinic, user: User, client_for: Callable[..., ClinicClient], body: Any
) -> None:
    response = client_for(clinic, user).put(API, body)

    assert (response.status_code, MessagePreference.objects.count()) == (400, 0)


def test_a_carers_choice_applies_to_messages_about_dependants(
    clinic: Clinic, patient: Patient, user: User, client_for: Callable[..., ClinicClient]
) -> None:
    make_dependant(patient)
    off = [{"topic": "reminders", "channel": "email", "is_wanted": False}]

    client_for(clinic, user).put(API, {"preferences": off})

    # Messages about a dependant go to the carer's account, whose choice is asked.
    assert not is_wanted(user, kind="reminder")
