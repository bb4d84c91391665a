"""Dates and spelling follow the clinic's locale."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import formats, translation
from django.utils.translation import gettext

from tenants.base.clock import format_day, format_staff_time, format_time
from tenants.base.errors import InvalidInput
from tenants.base.locales import locale_for_zone
from tenants.current import enter_clinic
from tenants.models import Clinic
from tenants.services.lifecycle import change_locale

INSTANT = datetime.fromisoformat("2026-12-01T14:30Z")


@pytest.mark.parametrize(
    ("time_zone", "locale"),
    [
        ("America/New_York", "en-US"),
        ("America/Indiana/Knox", "en-US"),
        ("Pacific/Honolulu", "en-US"),
        ("US/Eastern", "en-US"),
        ("America/Toronto", "en-GB"),
        ("Europe/London", "en-GB"),
        ("UTC", "en-GB"),
    ],
)
def test_the_first_locale_of_a_clinic_follows_from_its_time_zone(time_zone: str, locale: str) -> None:
    assert locale_for_zone(time_zone) == locale


@pytest.mark.parametrize(
    ("language", "day", "time", "on_staff_pages", "typed"),
    [
        ("en-gb", "Tuesday 1 December 2026", "2:30 pm", "Tue 1 December 2026, 2:30 pm", "01/12/2026"),
        ("en-us", "Tuesday, December 1, 2026", "2:30 pm", "Tue, December 1, 2026, 2:30 pm", "12/01/2026"),
    ],
)
def test_dates_follow_the_locale(language: str, day: str, time: str, on_staff_pages: str, typed: str) -> None:
    zone = ZoneInfo("Europe/London")

    with translation.override(language):
        texts = format_day(INSTANT, zone), format_time(INSTANT, zone), format_staff_time(INSTANT)
        in_a_form = formats.localize_input(INSTANT.date())

    assert (*texts, in_a_form) == (day, time, on_staff_pages, typed)


def test_spelling_follows_the_locale() -> None:
    with translation.override("en-gb"):
        british = gettext("cancelled"), gettext("licence number")
    with translation.override("en-us"):
        american = gettext("cancelled"), gettext("licence number")

    assert british == ("cancelled", "licence number")
    assert american == ("canceled", "license number")


def test_a_time_that_occurs_twice_is_shown_with_its_offset_on_staff_pages(clinic: Clinic) -> None:
    first, second = datetime.fromisoformat("2026-10-25T00:30Z"), datetime.fromisoformat("2026-10-25T01:30Z")

    assert [format_staff_time(first), format_staff_time(second)] == [
        "Sun 25 October 2026, 1:30 am (BST)",
        "Sun 25 October 2026, 1:30 am (GMT)",
    ]


def test_entering_a_clinic_activates_its_locale(clinic: Clinic, other_clinic: Clinic) -> None:
    in_london = translation.get_language()
    with enter_clinic(other_clinic):
        in_new_york = translation.get_language()

    assert (in_london, in_new_york, translation.get_language()) == ("en-gb", "en-us", "en-gb")


def test_a_locale_that_does_not_exist_is_refused(clinic: Clinic) -> None:
    with pytest.raises(InvalidInput) as refused:
        change_locale(clinic=clinic, locale="en-XX")

    assert list(refused.value.errors) == ["locale"]
