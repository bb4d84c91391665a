"""How long before a visit reminders are sent, as staff enter it."""

import pytest
from django.core.exceptions import ValidationError

from clinics.admin.reminder_offsets import clinic_offsets_field, visit_type_offsets_field
from clinics.models import ClinicSettings
from clinics.reminder_offsets import (
    check_reminder_offsets,
    default_reminder_minutes,
    offsets_in_words,
    parse_offsets,
)
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.forms import parse_form


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("7 days, 24 hours, 2 hours", [10080, 1440, 120]),
        ("2h,1 week , 90 min", [10080, 120, 90]),
        ("1 day", [1440]),
        (" ", []),
    ],
)
def test_staff_enter_reminders_as_numbers_with_units(text: str, minutes: list[int]) -> None:
    assert parse_offsets(text) == minutes


@pytest.mark.parametrize("text", ["soon", "7", "days", "7 moons", "-2 hours", "2 hours 30", "1.5 hours"])
def test_a_text_without_number_and_unit_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        parse_offsets(text)


def test_reminders_are_shown_as_they_can_be_entered_again() -> None:
    shown = offsets_in_words([90, 1440, 120, 10080, 60, 2880])

    assert shown == "7 days, 2 days, 24 hours, 2 hours, 90 minutes, 1 hour"
    assert parse_offsets(shown) == [10080, 2880, 1440, 120, 90, 60]


@pytest.mark.parametrize("minutes", [[], default_reminder_minutes(), [5], [60 * 1440], [5, 6, 7, 8, 9]])
def test_up_to_five_reminders_within_60_days_are_accepted(minutes: list[int]) -> None:
    check_reminder_offsets(minutes)


@pytest.mark.parametrize("minutes", [[4], [60 * 1440 + 1], [120, 120], [5, 6, 7, 8, 9, 10]])
def test_other_reminders_are_refused(minutes: list[int]) -> None:
    with pytest.raises(ValidationError):
        check_reminder_offsets(minutes)


def test_an_empty_field_means_none_for_the_clinic_and_the_clinics_for_a_visit_type() -> None:
    assert (clinic_offsets_field().clean(""), clinic_offsets_field().clean("none")) == ([], [])
    assert (visit_type_offsets_field().clean(""), visit_type_offsets_field().clean("None")) == (None, [])


@pytest.mark.parametrize(
    ("entered", "stored", "error"),
    [
        ("3 days, 1 hour", [4320, 60], ""),
        ("", [], ""),
        ("61 days", default_reminder_minutes(), "A reminder can be sent 5 minutes to 60 days before"),
        ("later", default_reminder_minutes(), "“later” is not a time."),
    ],
)
def test_the_clinics_reminders_are_changed_in_its_settings(
    clinic: Clinic, admin: User, entered: str, stored: list[int], error: str
) -> None:
    ClinicSettings.objects.update(reminder_minutes=default_reminder_minutes())
    client = ClinicClient(clinic)
    client.force_login(admin)
    page = client.get("/admin/clinics/clinicsettings/1/change/")
    form = parse_form(page.content.decode())
    assert form["reminder_minutes"] == "7 days, 24 hours, 2 hours"

    answer = client.post(
        "/admin/clinics/clinicsettings/1/change/",
        {**form, "reminder_minutes": entered},
        format="multipart",
        follow=True,
    )

    assert error in answer.content.decode()
    assert ClinicSettings.objects.get().reminder_minutes == stored
