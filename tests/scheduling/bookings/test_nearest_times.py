"""The times nearest to a time that is taken: the same in refusals, in the API and on pages."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from clinics.models import Doctor, Patient
from scheduling.errors import SlotTaken
from scheduling.models import Slot
from tenants.accounts.models import User
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.pages import sign_in
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot, slot_outputs
from tests.factories.visit_types import make_visit_type

NEAREST = "/api/appointments/available/nearest/"
AsUser = Callable[[User | None], ClinicClient]


@pytest.fixture
def day_of_slots(doctor: Doctor, now: datetime) -> list[Slot]:
    """Eight half hours from 10:00 the day after tomorrow, and one that evening."""
    begins = now.replace(hour=10, minute=0) + timedelta(days=2)
    return [make_slot(doctor, begins + timedelta(minutes=minutes)) for minutes in (*range(0, 240, 30), 600)]


def query(slot: Slot, **more: Any) -> dict[str, Any]:
    """The query parameters for a slot."""
    return {"slot": slot.pk, "doctor": slot.doctor_id, "date": f"{slot.starts_at:%Y-%m-%d}", **more}


def linked_ids(page: str, before: str) -> list[str]:
    """The ids of the slots to which a page links as alternatives."""
    return re.findall(rf'class="alternative" href="{before}([0-9a-f-]+)', page)


def test_the_api_the_refusal_and_the_page_name_the_times_before_and_after(
    visitor: ClinicClient, day_of_slots: list[Slot], patient: Patient, now: datetime
) -> None:
    taken = day_of_slots[6]
    make_booking(taken, make_patient(), now=now)
    nearest = slot_outputs(day_of_slots[4], day_of_slots[5], day_of_slots[7])

    listed = data_of(visitor.get(NEAREST, query(taken)))["alternatives"]
    with pytest.raises(SlotTaken) as refusal:
        make_booking(taken, patient, now=now)
    path = f"/booking/{taken.pk}?doctor={taken.doctor_id}&date={taken.starts_at:%Y-%m-%d}"
    page = visitor.get(path).content.decode()

    assert listed == nearest
    assert refusal.value.data == {"alternatives": nearest}
    assert linked_ids(page, "/booking/") == [slot["id"] for slot in nearest]


def test_the_nearest_time_may_be_on_the_day_before(
    visitor: ClinicClient, doctor: Doctor, now: datetime
) -> None:
    taken = make_slot(doctor, now + timedelta(days=5))
    make_booking(taken, make_patient(), now=now)
    others = [make_slot(doctor, now + timedelta(days=5, hours=hours)) for hours in (-20, 30, 70, 90)]

    listed = data_of(visitor.get(NEAREST, query(taken)))["alternatives"]

    assert listed == slot_outputs(*others[:3])


def test_a_visit_type_finds_a_far_time_of_the_doctor_if_nothing_is_near(
    visitor: ClinicClient, doctor: Doctor, now: datetime
) -> None:
    visit_type = make_visit_type(duration_minutes=30)
    taken, far = make_slot(doctor, now + timedelta(days=2)), make_slot(doctor, now + timedelta(days=40))
    make_booking(taken, make_patient(), now=now)

    listed = data_of(visitor.get(NEAREST, query(taken, visit_type=visit_type.pk)))["alternatives"]
    near = make_slot(make_doctor(), now + timedelta(days=9))
    after_another = data_of(visitor.get(NEAREST, query(taken, visit_type=visit_type.pk)))["alternatives"]

    assert [slot["id"] for slot in listed] == [str(far.pk)]
    assert [slot["id"] for slot in after_another] == [str(near.pk)]


def test_a_slot_that_no_longer_exists_is_replaced_by_midday_of_its_day(
    visitor: ClinicClient, day_of_slots: list[Slot]
) -> None:
    day = f"{day_of_slots[0].starts_at:%Y-%m-%d}"
    gone: dict[str, Any] = {"slot": uuid4(), "doctor": day_of_slots[0].doctor_id, "date": day}

    listed = data_of(visitor.get(NEAREST, gone))["alternatives"]

    assert listed == slot_outputs(*day_of_slots[3:6])


def test_for_a_move_the_present_time_is_not_among_them(
    visitor: ClinicClient, day_of_slots: list[Slot], patient: Patient, as_user: AsUser, now: datetime
) -> None:
    booking = make_booking(day_of_slots[3], patient, now=now)
    make_booking(day_of_slots[4], make_patient(), now=now)
    wanted = query(day_of_slots[4])
    nearest = slot_outputs(day_of_slots[2], day_of_slots[5], day_of_slots[6])
    path = f"/appointments/{booking.pk}/move/{day_of_slots[4].pk}?doctor={booking.doctor_id}"

    listed = as_user(patient.user).get(NEAREST, wanted | {"moving": booking.pk})
    refused = visitor.get(NEAREST, wanted | {"moving": booking.pk})
    sign_in(visitor, patient)
    page = visitor.get(f"{path}&date={wanted['date']}").content.decode()

    assert (data_of(listed)["alternatives"], listed["Cache-Control"]) == (nearest, "private, no-store")
    assert refused.status_code == 404
    assert linked_ids(page, f"/appointments/{booking.pk}/move/") == [slot["id"] for slot in nearest]


@pytest.mark.parametrize("field", ["slot", "doctor", "date"])
def test_slot_doctor_and_day_are_required(visitor: ClinicClient, field: str) -> None:
    wanted: dict[str, Any] = {"slot": uuid4(), "doctor": uuid4(), "date": "2026-03-04"}

    answer = visitor.get(NEAREST, {name: value for name, value in wanted.items() if name != field})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
