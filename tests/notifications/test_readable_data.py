"""A patient's own data as a page."""

from typing import Any

import pytest
from rest_framework import serializers

from clinics.models import Patient
from notifications.api.personal_data import MyDataOutput
from notifications.api.readable_data import HIDDEN
from notifications.api.staff_notices import StaffNoticesOutput
from notifications.data_labels import CODES, LABELS
from notifications.models import EmailReport, Message, MessagePreference
from notifications.models.messages import Channel
from scheduling.models import Booking, BookingEvent, WaitlistEntry, WaitlistOffer
from tenants.accounts.models import User
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.languages import offering
from tests.factories.pages import heading_of, send, sign_in, text_of
from tests.factories.people import make_dependant
from tests.factories.visit_types import make_visit_type

PATH = "/api/users/me/export/readable/"
WHOLE = {"answers", "history", "visit_notes", "place", "doctor", "patient", "visit_type", "specialties"}
"""Fields with an object that is written as one text."""


def shown_fields(serializer: Any) -> set[str]:
    """The names of all fields that the page can show, in all objects of the export."""
    found: set[str] = set()
    for name, field in serializer.fields.items():
        inner = getattr(field, "child", field)
        if isinstance(inner, serializers.BaseSerializer) and name not in WHOLE:
            found |= shown_fields(inner)
        if name not in HIDDEN:
            found.add(name)
    return found


def test_every_field_and_every_code_has_words() -> None:
    of_staff = set(StaffNoticesOutput().fields)
    fields = shown_fields(MyDataOutput()) - set(MyDataOutput().fields) - of_staff | {"ip_address", "when"}
    codes = [
        *Booking.Status, *BookingEvent.Kind, *WaitlistEntry.Status, *WaitlistOffer.Outcome,
        *(kind for kind in Message.Kind if not kind.startswith("staff_")),
        *Message.NotSent, *Channel, *MessagePreference.Topic, *EmailReport.Kind,
        *User.EmailProblem,
    ]  # fmt: skip

    assert sorted(fields - LABELS.keys()) == []
    assert sorted({code.lower() for code in codes} - CODES.keys()) == []


def test_the_page_says_everything_in_words_and_in_the_clinics_time(
    clinic: Any, booking: Booking, patient: Patient, client_for: Any, clock: Any
) -> None:
    Patient.objects.filter(pk=patient.pk).update(allergies="Nuts")
    make_dependant(patient, first_name="Kit", conditions="Asthma")
    visit_type = make_visit_type(name="Check-up", colour="#0b5c8a")
    Booking.objects.filter(pk=booking.pk).update(visit_type=visit_type)

    data = data_of(client_for(clinic, patient.user).get(PATH))

    sections = {section["title"]: section["entries"] for section in data["sections"]}
    (rows,) = [entry["rows"] for entry in sections["Appointments"]]
    appointment = {row["label"]: row["values"] for row in rows}
    assert (data["title"], data["written_at"]) == ("Your data at Riverside", "2 March 2026, 12:00 pm")
    # London is an hour ahead of UTC in May.
    assert appointment["Date and time"] == ["Monday 25 May 2026, 6:30 pm to 7:00 pm, London time"]
    assert (appointment["Status"], appointment["Type of visit"]) == (["Confirmed"], ["Check-up"])
    assert appointment["History"] == ["2 March 2026, 12:00 pm: Booked, by you or a carer"]
    text = str(sections)
    for raw in ("#0b5c8a", "CONFIRMED", "clock", "T12:00", str(booking.pk), "None", "True"):
        assert raw not in text
    assert audit_entries()[-1] == ("exported", "accounts.user", str(patient.user_id))


@pytest.mark.parametrize(("language", "label"), [("en", "Allergies"), ("de", "Allergien")])
def test_the_page_without_javascript_shows_the_same(
    clinic: Any, patient: Patient, clock: Any, language: str, label: str
) -> None:
    Patient.objects.filter(pk=patient.pk).update(allergies="Nuts")
    browser = ClinicClient(clinic)
    with offering(clinic, "en", "de"):
        sign_in(browser, patient)
        browser.cookies["language"] = language

        page = send(browser, "/profile/data", view="1")

    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    assert heading_of(page) == ("Your data at Riverside" if language == "en" else "Ihre Daten bei Riverside")
    assert f"{label} Nuts" in text_of(page)
