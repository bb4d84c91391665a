"""Every text message is one segment of at most 160 GSM-7 characters, and names clinic, time and zone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from clinics.models import Doctor, Patient, SmsSettings
from notifications.gsm import MAX_SEPTETS, fits, segment_count, septets, to_gsm
from notifications.models import Message
from notifications.sms_text import can_reply, sms_text, trial_text
from scheduling.bookings.book import book_slot
from scheduling.models import Booking, VisitType
from tenants.current import enter_public
from tenants.models import Clinic, Domain
from tests.factories.people import make_dependant, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_place, make_visit_type
from tests.factories.waitlist import make_entry, make_offer_to
from tests.notifications.sms_fixtures import make_texted_patient, use_generic, use_twilio

KINDS = ["reminder", "cancellation", "rescheduled", "offer", "clinic_note"]
NAMES = [
    "Riverside",
    "The Royal Riverside and Harbour Community Centre for Ophthalmology, Dermatology and Medicine in Wales",
    "Przychodnia Świętokrzyska w Łodzi „Zdrowie”",
    "北京朝阳区中心诊所",
    "x" * 120,
    "100% [clinic] {care} ~ €",
]
REMINDER = (
    "Riverside: reminder of your appointment on Tue 3 Mar, 12:00 pm (London time). "
    "http://riverside.example.localhost/appointments Reply STOP to opt out."
)


def a_message(kind: str, doctor: Doctor, patient: Patient, *, now: datetime, starts_at: datetime) -> Message:
    """Return a message of a kind, about a visit."""
    if kind == "offer":
        entry = make_entry(patient, doctor, now=now)
        slot = make_slot(doctor, starts_at)
        booking = make_offer_to(entry, slot, ends_at=now + timedelta(hours=2), now=now).booking
    else:
        booking = make_booking(make_slot(doctor, starts_at), patient, now=now)
    return Message(booking=booking, kind=kind, channel="sms", recipient=user_of(patient), due_at=now)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_text_is_one_segment_with_clinic_time_and_zone(
    *, doctor: Doctor, clinic: Clinic, now: datetime, kind: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_twilio()
    monkeypatch.setattr(clinic, "name", name)
    message = a_message(kind, doctor, make_texted_patient(), now=now, starts_at=now + timedelta(days=1))

    text = sms_text(message)

    length = septets(text)
    assert length is not None
    assert length <= MAX_SEPTETS
    assert "Tue 3 Mar, 12:00 pm (London time)" in text
    assert text.endswith("Reply STOP to opt out.")
    assert text.startswith(to_gsm(name)[:9])


def test_a_reminder_in_full(doctor: Doctor, clinic: Clinic, now: datetime) -> None:
    use_twilio()
    message = a_message("reminder", doctor, make_texted_patient(), now=now, starts_at=now + timedelta(days=1))

    assert sms_text(message) == REMINDER


def test_a_link_that_needs_no_sign_in_is_used_if_it_fits(
    doctor: Doctor, clinic: Clinic, clock: Any, now: datetime
) -> None:
    use_twilio()
    with enter_public():
        Domain.objects.filter(tenant=clinic, is_primary=True).update(domain="r.example")
    message = a_message("reminder", doctor, make_texted_patient(), now=now, starts_at=now + timedelta(days=1))

    text = sms_text(message)

    start, link, *end = text.partition("http://r.example/visit/confirm/")
    assert start == "Riverside: appointment Tue 3 Mar, 12:00 pm (London time). "
    assert link
    assert end[0].endswith(" STOP to opt out")
    assert (septets(text) or 999) <= MAX_SEPTETS


def test_one_reminder_names_the_number_of_visits_on_the_day(
    doctor: Doctor, clinic: Clinic, now: datetime
) -> None:
    use_twilio()
    patient, first = make_texted_patient(), now + timedelta(days=1)
    message = a_message("reminder", doctor, patient, now=now, starts_at=first + timedelta(hours=2))
    make_booking(make_slot(doctor, first), patient, now=now)

    assert "reminder of your 2 appointments, the first on Tue 3 Mar, 12:00 pm" in sms_text(message)


def test_the_clinics_short_name_is_used(doctor: Doctor, clinic: Clinic, now: datetime) -> None:
    use_twilio(short_name="River")
    message = a_message("reminder", doctor, make_texted_patient(), now=now, starts_at=now + timedelta(days=1))

    assert sms_text(message).startswith("River: reminder")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Kit", "Kit's"),
        ("Maximiliane-Alexandra", "Maximiliane-Ale's"),
        ("Zoë", "Zoe's"),
        ("see evil.example", ""),
    ],
)
def test_a_carer_reads_the_dependants_first_name_if_it_is_a_plain_name(
    doctor: Doctor, clinic: Clinic, now: datetime, name: str, shown: str
) -> None:
    use_twilio()
    carer = make_texted_patient()
    kit = make_dependant(carer, first_name=name)
    slot = make_slot(doctor, now + timedelta(days=1))
    booking = book_slot(slot_id=slot.pk, patient=kit, by=user_of(carer), now=now)

    text = sms_text(Message(booking=booking, kind="cancellation", recipient=user_of(carer), due_at=now))

    assert (shown or "your appointment") in text
    assert "b.example" not in text


def test_a_text_says_nothing_about_health(doctor: Doctor, clinic: Clinic, now: datetime) -> None:
    use_twilio()
    patient = make_texted_patient()
    visit_type = make_visit_type(name="HIV test", mode=VisitType.Mode.PHONE)
    booking = make_booking(make_slot(doctor, now + timedelta(days=1)), patient, now=now, reason="A rash")
    Booking.objects.filter(pk=booking.pk).update(visit_type=visit_type)
    booking = Booking.objects.get(pk=booking.pk)

    for kind in ("reminder", "cancellation", "rescheduled"):
        text = sms_text(Message(booking=booking, kind=kind, recipient=user_of(patient), due_at=now))
        assert not [word for word in ("HIV", "rash", patient.last_name, doctor.name) if word in text]


def test_the_time_is_that_of_the_place_and_a_repeated_hour_names_the_offset(
    doctor: Doctor, clinic: Clinic, now: datetime
) -> None:
    use_twilio()
    patient = make_texted_patient()
    place = make_place("America/New_York")
    # 1:30 am in New York comes twice on 1 November 2026; this is the second one.
    starts_at = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    booking = make_booking(make_slot(doctor, now + timedelta(days=1)), patient, now=now)
    Booking.objects.filter(pk=booking.pk).update(
        place=place, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30)
    )
    booking = Booking.objects.get(pk=booking.pk)

    text = sms_text(Message(booking=booking, kind="cancellation", recipient=user_of(patient), due_at=now))

    assert "Sun 1 Nov, 1:30 am EST (New York time)" in text


@pytest.mark.parametrize(
    ("settings", "replies"),
    [
        ({"sender": "+447700900000"}, True),
        ({"sender": "MG" + "0" * 32}, True),
        ({"sender": "Riverside"}, False),
    ],
)
def test_stop_is_offered_only_where_patients_can_reply(
    doctor: Doctor, clinic: Clinic, now: datetime, settings: dict[str, Any], replies: bool
) -> None:
    assert can_reply(use_twilio(**settings)) == replies
    message = a_message("reminder", doctor, make_texted_patient(), now=now, starts_at=now + timedelta(days=1))

    assert ("STOP" in sms_text(message)) == replies


def test_another_providers_patients_can_reply_if_it_signs_its_reports(clinic: Clinic) -> None:
    assert can_reply(use_generic())
    assert not can_reply(SmsSettings(provider="generic"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë “A”", 'Zoe "A"'),
        ("Ä ö ñ é €", "Ä ö ñ é €"),
        ("a\n\tb", "a b"),
        ("Łódź 北京", "Lodz BeiJing"),
    ],
)
def test_letters_outside_the_alphabet_become_their_nearest_ones(text: str, shown: str) -> None:
    assert to_gsm(text) == shown


def test_characters_of_the_extension_table_count_twice() -> None:
    assert septets("€[]{}~^|\\") == 18
    assert septets("@£é ñ") == 5
    assert septets("ł") is None


def test_the_test_message_is_one_segment(clinic: Clinic) -> None:
    assert trial_text() == "Riverside: this is a test message."


def test_an_arabic_message_keeps_its_letters_and_is_counted_as_its_parts(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    tomorrow = now + timedelta(days=1)
    message = a_message("reminder", doctor, make_texted_patient(), now=now, starts_at=tomorrow)

    with translation.override("ar-gb"):
        text = sms_text(message)

    assert "الثلاثاء، 3 مارس، 12:00 م" in text
    assert text.count("?") == 0
    assert (septets(text), fits(text), 1 < segment_count(text) <= 3) == (None, True, True)
    assert [segment_count(each) for each in ("a" * 160, "a" * 161, "م" * 70, "م" * 71)] == [1, 2, 1, 2]
