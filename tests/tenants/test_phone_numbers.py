"""Telephone numbers are read in the clinic's country, stored as E.164, and found however they are written."""

from typing import Any

import pytest
from django import forms

from clinics.models import ClinicSettings, Patient
from tenants.current import enter_clinic
from tenants.models import Clinic
from tenants.phone_numbers import (
    PhoneFormField,
    clinic_country,
    format_phone,
    is_mobile,
    number_digest,
    parse_phone,
)
from tests.factories.people import make_patient

LONDON = "+442079460018"


@pytest.mark.parametrize(
    ("written", "country", "stored"),
    [
        ("020 7946 0018", "GB", LONDON),
        ("(020) 7946-0018", "GB", LONDON),
        ("+44 (0)20 7946 0018", "GB", LONDON),
        ("0044 20 7946 0018", "GB", LONDON),
        ("+44 20 7946 0018", "US", LONDON),
        ("+44 20 7946 0018", "", LONDON),
        ("(212) 555-0142", "US", "+12125550142"),
        ("030 901820", "DE", "+4930901820"),
        ("٠٢٠ ٧٩٤٦ ٠٠١٨", "GB", LONDON),
        ("020 7946 0018", "", None),
        ("020 7946 0018", "DE", None),
        ("abc", "GB", None),
        ("0800 FLOWERS", "GB", None),
        ("020 7946 0018 or 020 7946 0019", "GB", None),
        ("020 7946 0018 ext 5", "GB", None),
        ("020 7946 001", "GB", None),
        ("+442079460018000", "GB", None),
        ("", "GB", None),
        ("1" * 33, "GB", None),
    ],
)
def test_a_number_is_read_in_the_country_in_which_it_was_written(
    written: str, country: str, stored: str | None
) -> None:
    assert parse_phone(written, country=country) == stored


def test_the_country_is_the_chosen_one_else_that_of_the_time_zone(
    clinic: Clinic, other_clinic: Clinic
) -> None:
    assert clinic_country() == "GB"
    ClinicSettings.objects.update(holiday_country="IE")
    assert clinic_country() == "IE"
    with enter_clinic(other_clinic):
        assert clinic_country() == "US"


def test_a_stored_number_is_shown_readably_and_an_old_text_as_it_is() -> None:
    assert format_phone(LONDON) == "+44 20 7946 0018"
    assert format_phone("020 7946 0018") == "020 7946 0018"
    assert format_phone("abc") == "abc"
    assert not format_phone("")


def test_only_numbers_that_can_be_mobiles_get_text_messages() -> None:
    assert is_mobile("+447911123456")
    assert is_mobile("+12125550142")  # in North America mobiles and landlines look alike
    assert not is_mobile(LONDON)
    assert not is_mobile("07911 123456")


def test_the_digest_of_a_number_is_stable_and_does_not_contain_it(settings: Any) -> None:
    digest = number_digest(LONDON)

    assert digest == number_digest(LONDON)
    assert LONDON[1:] not in digest
    settings.SECRET_KEY = "another"
    assert digest != number_digest(LONDON)


@pytest.mark.parametrize(
    "text",
    [
        "020 7946 0018",
        "02079460018",
        "+44 20 7946 0018",
        "+442079460018",
        "0044 20 7946",
        "7946",
        "(020) 7946-0018",
    ],
)
def test_a_number_is_found_in_national_and_international_writing(clinic: Clinic, text: str) -> None:
    mia = make_patient(phone=LONDON)
    make_patient(phone="+442079461111")

    assert mia in Patient.objects.containing(text)
    if "0018" in text:
        assert list(Patient.objects.containing(text)) == [mia]


def test_a_search_for_a_name_does_not_match_numbers(clinic: Clinic) -> None:
    make_patient(first_name="Mia", phone=LONDON)

    assert not Patient.objects.containing("Anna").exists()
    assert not Patient.objects.filter(phone__written="%").exists()


class _Form(forms.Form):
    phone = PhoneFormField(required=False)


def test_a_form_stores_e164_and_shows_the_readable_form(clinic: Clinic) -> None:
    form = _Form({"phone": "020 7946 0018"})

    assert form.is_valid()
    assert form.cleaned_data == {"phone": LONDON}
    assert 'value="+44 20 7946 0018"' in str(_Form(initial={"phone": LONDON}))
    assert 'type="tel"' in str(_Form())


def test_a_form_refuses_an_invalid_number_but_keeps_an_old_one_that_is_not_edited(clinic: Clinic) -> None:
    refused = _Form({"phone": "abc"}, initial={"phone": "555"})
    kept = _Form({"phone": "555"}, initial={"phone": "555"})

    assert refused.errors == {"phone": ["Enter a real phone number, such as 0121 234 5678."]}
    assert kept.is_valid()
    assert not kept.has_changed()
    assert kept.cleaned_data == {"phone": "555"}
