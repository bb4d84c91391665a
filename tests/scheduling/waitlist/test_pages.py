"""Joining and leaving the waiting list without JavaScript."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from clinics.models import Doctor, Patient
from scheduling.models import Booking, WaitlistEntry
from tenants.accounts.models import User
from tests.factories.clinic_client import ClinicClient
from tests.factories.pages import heading_of, send, sign_in, text_of
from tests.factories.people import make_doctor, make_patient
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_visit_type

AsUser = Callable[[User | None], ClinicClient]


@pytest.fixture
def browser(visitor: ClinicClient) -> ClinicClient:
    """A browser in which a patient is signed in."""
    sign_in(visitor, make_patient())
    return visitor


@pytest.fixture
def marsh(clinic: object) -> Doctor:
    """A doctor."""
    return make_doctor(name="Marsh")


def test_a_patient_joins_and_leaves_the_waiting_list(
    browser: ClinicClient, marsh: Doctor, now: datetime
) -> None:
    path = f"/waiting-list?doctor={marsh.pk}"
    days = {"from": now.date(), "to": now.date() + timedelta(days=14)}

    shown = browser.get(path)
    joined = send(browser, path, **days, weekdays=["0", "2"])
    listed = browser.get(joined["Location"])
    entry = WaitlistEntry.objects.get()
    asked = browser.get(f"/appointments?leave={entry.pk}")
    left = browser.get(send(browser, "/appointments", leave=entry.pk)["Location"])

    assert heading_of(shown) == "Join the waiting list"
    assert joined["Location"] == "/appointments?waiting"
    assert (entry.doctor, entry.weekdays) == (marsh, [0, 2])
    assert "You are on the waiting list." in text_of(listed)
    assert "Monday, Wednesday" in text_of(listed)
    assert "You will lose your place on the list." in text_of(asked)
    assert "You have left the waiting list." in text_of(left)


def test_days_in_the_wrong_order_and_a_second_entry_are_refused(
    browser: ClinicClient, marsh: Doctor, now: datetime
) -> None:
    path = f"/waiting-list?doctor={marsh.pk}"
    days = {"from": now.date(), "to": now.date() + timedelta(days=14)}

    wrong = send(browser, path, **{"from": "soon", "to": days["to"]})
    send(browser, path, **days)
    again = send(browser, path, **days)

    assert wrong.status_code == 400
    assert 'id="from-error"' in wrong.content.decode()
    assert (again.status_code, WaitlistEntry.objects.count()) == (409, 1)
    assert "There is a problem" in text_of(again)


def test_the_entry_of_another_patient_does_not_exist(
    browser: ClinicClient, marsh: Doctor, now: datetime
) -> None:
    send(browser, f"/waiting-list?doctor={marsh.pk}", **{"from": now.date(), "to": now.date()})
    sign_in(browser, make_patient())

    assert send(browser, "/appointments", leave=WaitlistEntry.objects.get().pk).status_code == 404
    assert send(browser, "/appointments", leave="x").status_code == 404
    assert browser.get("/waiting-list?doctor=x").status_code == 404


def test_the_list_of_appointments_takes_as_many_queries_for_three_as_for_one(
    browser: ClinicClient, now: datetime
) -> None:
    patient, counts = Patient.objects.get(), []

    for number in range(3):
        doctor, visit_type = make_doctor(), make_visit_type()
        booking = make_booking(make_slot(doctor, now + timedelta(days=3, hours=number)), patient, now=now)
        Booking.objects.filter(pk=booking.pk).update(visit_type=visit_type)
        days = {"from": now.date(), "to": now.date() + timedelta(days=7)}
        send(browser, f"/waiting-list?doctor={doctor.pk}&visit_type={visit_type.pk}", **days)
        counts.append(len(queries_of(lambda: browser.get("/appointments"))))

    assert WaitlistEntry.objects.count() == 3
    assert counts[2] == counts[0]


def test_a_visit_that_no_doctor_offers_has_no_form_for_the_waiting_list(
    browser: ClinicClient, marsh: Doctor
) -> None:
    visit_type = make_visit_type()
    visit_type.paused_by.add(marsh)

    of_specialty = browser.get("/waiting-list?specialty=general-medicine")

    assert "You cannot wait for this appointment" in text_of(of_specialty)
    assert b"<form class" not in of_specialty.content
    assert browser.get("/waiting-list?specialty=audiology").status_code == 404
