"""`appointments/available/`: which slots it lists, in which words, at what cost."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
import time_machine

from clinics.models import ClinicSettings, Doctor, Patient, Specialty
from scheduling.calendar.local_times import local_time_fields
from scheduling.models import Slot
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_slot

AVAILABLE = "/api/appointments/available/"
LONDON = ZoneInfo("Europe/London")


def listed(client: ClinicClient, **query: Any) -> list[str]:
    """The ids of the slots that are listed, in order. `first` and `last` are the days asked for."""
    named = {{"first": "from", "last": "to"}.get(name, name): value for name, value in query.items()}
    return [slot["id"] for slot in data_of(client.get(f"{AVAILABLE}?{urlencode(named)}"))["results"]]


def ids(*slots: Slot) -> list[str]:
    return [str(slot.pk) for slot in slots]


def test_open_slots_are_listed_soonest_first(doctor: Doctor, visitor: ClinicClient, now: datetime) -> None:
    third, first = (make_slot(doctor, now + timedelta(hours=n)) for n in (3, 1))
    second = make_slot(make_doctor(), now + timedelta(hours=2))

    assert listed(visitor) == ids(first, second, third)


def test_what_cannot_be_booked_is_not_listed(
    doctor: Doctor, patient: Patient, visitor: ClinicClient, now: datetime
) -> None:
    booked, bookable = (make_slot(doctor, now + timedelta(hours=n)) for n in (1, 2))
    make_booking(booked, patient, now=now)
    make_slot(doctor, now + timedelta(hours=3), status="blocked")
    make_slot(doctor, now + timedelta(hours=4), status="withdrawn")
    make_slot(doctor, now + timedelta(hours=5), fits_hours=False)
    make_slot(doctor, now)
    make_slot(doctor, now - timedelta(hours=1))
    make_slot(make_doctor(is_active=False), now + timedelta(hours=2))

    assert listed(visitor) == ids(bookable)


def test_the_last_day_listed_is_the_last_that_can_be_booked(
    doctor: Doctor, visitor: ClinicClient, now: datetime
) -> None:
    ClinicSettings.objects.update(horizon_days=30)
    # The 30th day is 1 April 2026, which ends at 23:00 UTC.
    last = make_slot(doctor, datetime(2026, 4, 1, 22, 59, tzinfo=UTC))
    make_slot(doctor, datetime(2026, 4, 1, 23, 30, tzinfo=UTC))

    assert listed(visitor, first="2026-04-01", last="2026-04-02") == ids(last)


@pytest.mark.parametrize(
    ("now", "day", "starts", "ends"),
    [
        (datetime(2026, 3, 20, tzinfo=UTC), "2026-03-29", "2026-03-29T00:00Z", "2026-03-29T23:00Z"),
        (datetime(2026, 10, 20, tzinfo=UTC), "2026-10-25", "2026-10-24T23:00Z", "2026-10-26T00:00Z"),
    ],
    ids=["spring", "autumn"],
)
def test_a_day_is_the_clinics_own_at_both_clock_changes(
    doctor: Doctor, visitor: ClinicClient, day: str, starts: str, ends: str
) -> None:
    first, after = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
    make_slot(doctor, first - timedelta(minutes=5), minutes=5)
    opening = make_slot(doctor, first, minutes=5)
    closing = make_slot(doctor, after - timedelta(minutes=5), minutes=5)
    make_slot(doctor, after, minutes=5)

    assert listed(visitor, first=day, last=day) == ids(opening, closing)


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 3, 28, 22, tzinfo=UTC)),
        (datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)),
    ],
    ids=["spring", "autumn"],
)
def test_the_walls_words_are_those_of_every_other_answer_across_a_clock_change(
    doctor: Doctor, visitor: ClinicClient, night: datetime
) -> None:
    for quarter in range(24):
        make_slot(doctor, night + timedelta(minutes=15 * quarter), minutes=15)

    shown = data_of(
        visitor.get(AVAILABLE, {"from": f"{night:%Y-%m-%d}", "to": f"{night + timedelta(days=1):%Y-%m-%d}"})
    )

    def said(slot: Slot) -> dict[str, Any]:
        wall = local_time_fields(slot.starts_at, slot.ends_at)
        return wall | {
            "id": str(slot.pk),
            "doctor": str(doctor.pk),
            "place": None,
            "status": "free",
            "starts_at": f"{slot.starts_at:%Y-%m-%dT%H:%M:%SZ}",
            "ends_at": f"{slot.ends_at:%Y-%m-%dT%H:%M:%SZ}",
            "local_date": wall["local_date"].isoformat(),
        }

    assert shown["results"] == [said(slot) for slot in Slot.objects.order_by("starts_at")]
    assert {slot["tz_label"] for slot in shown["results"]} == {"London time"}


def test_slots_are_filtered_by_doctor_and_by_specialty_code_or_id(
    doctor: Doctor, visitor: ClinicClient, now: datetime
) -> None:
    dentist = make_doctor(specialties=["dentistry", "audiology"])
    general, dental = (make_slot(each, now + timedelta(hours=1)) for each in (doctor, dentist))
    dentistry = Specialty.objects.get(code="dentistry")

    assert listed(visitor, doctor=doctor.pk) == ids(general)
    assert listed(visitor, specialty="dentistry") == ids(dental)
    assert listed(visitor, specialty=dentistry.pk) == ids(dental)
    assert listed(visitor, specialty="audiology", doctor=doctor.pk) == []
    assert listed(visitor, specialty="nothing") == []


def test_without_days_a_month_from_today_is_meant(
    doctor: Doctor, visitor: ClinicClient, now: datetime
) -> None:
    inside = make_slot(doctor, datetime(2026, 4, 1, 12, tzinfo=UTC))
    outside = make_slot(doctor, datetime(2026, 4, 2, 12, tzinfo=UTC))

    assert listed(visitor) == ids(inside)
    assert listed(visitor, last="2026-04-02") == ids(inside, outside)
    assert listed(visitor, first="2026-04-02") == ids(outside)
    assert listed(visitor, last="2026-03-01") == []


def test_the_same_query_means_another_month_on_another_day(doctor: Doctor, visitor: ClinicClient) -> None:
    slot = make_slot(doctor, datetime(2026, 4, 2, 12, tzinfo=UTC))

    # One minute before London's midnight, and at it.
    with time_machine.travel(datetime(2026, 3, 2, 23, 59, tzinfo=UTC), tick=False):
        evening = listed(visitor)
    with time_machine.travel(datetime(2026, 3, 3, tzinfo=UTC), tick=False):
        midnight = listed(visitor)

    assert (evening, midnight) == ([], ids(slot))


def test_a_query_is_remembered_for_its_own_encoding(
    doctor: Doctor, visitor: ClinicClient, now: datetime
) -> None:
    make_slot(doctor, now + timedelta(hours=1))
    doctor.specialties.add(Specialty.objects.create(code="écoute", name="Listening"))
    path = f"{AVAILABLE}?specialty=%C3%A9coute"

    counts = [
        data_of(visitor.generic("GET", path, content_type=f"text/plain; charset={charset}"))["count"]
        for charset in ("latin-1", "utf-8", "latin-1")
    ]

    assert counts == [0, 1, 0]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-03-02", "to": "2026-03-01"}, "to"),
        ({"from": "2026-03-02", "to": "2026-06-03"}, "to"),
        ({"to": "2026-06-03"}, "to"),
        ({"to": "2999-12-31"}, "to"),
        ({"from": "1969-12-31"}, "from"),
        ({"from": "tomorrow"}, "from"),
        ({"doctor": "smith"}, "doctor"),
        ({"specialty": "x" * 41}, "specialty"),
        ({"specialty": "\x00"}, "specialty"),
        ({"page": 0}, "page"),
        ({"page": 10**30}, "page"),
        ({"page_size": "many"}, "page_size"),
    ],
)
def test_a_question_that_makes_no_sense_is_400(
    visitor: ClinicClient, query: dict[str, Any], field: str
) -> None:
    answer, again = (visitor.get(AVAILABLE, query) for _ in range(2))

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert (again.status_code, again.content) == (400, answer.content)


def test_the_longest_window_is_92_days(visitor: ClinicClient) -> None:
    assert visitor.get(AVAILABLE, {"from": "2026-03-02", "to": "2026-06-02"}).status_code == 200
    assert visitor.get(AVAILABLE, {"to": "2026-06-02"}).status_code == 200
    assert visitor.get(AVAILABLE, {"from": "2999-12-31"}).status_code == 200


def test_an_unchanged_answer_is_304(doctor: Doctor, visitor: ClinicClient, now: datetime) -> None:
    make_slot(doctor, now + timedelta(hours=1))
    first = visitor.get(AVAILABLE)

    same = visitor.get(AVAILABLE, headers={"If-None-Match": first["ETag"]})
    other = visitor.get(AVAILABLE, {"from": "2026-04-20"}, headers={"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert other.status_code == 200


def test_answers_have_one_etag_where_they_are_the_same_to_the_byte(
    doctor: Doctor, visitor: ClinicClient, now: datetime
) -> None:
    for n in (1, 2):
        make_slot(doctor, now + timedelta(hours=n))
    # The same slots, with and without a next page, whose address is the asker's own.
    queries = [
        "",
        "page=1",
        "page_size=2",
        "page_size=1",
        "page_size=1&x=1",
        "from=2026-04-20",
        "from=2026-04-21",
    ]

    answers = [visitor.get(f"{AVAILABLE}?{query}") for query in queries * 2]

    bodies, etags = ([answer.content for answer in answers], [answer["ETag"] for answer in answers])
    assert len(set(zip(bodies, etags, strict=True))) == len(set(bodies)) == len(set(etags)) == 4


def test_head_is_get_without_a_body(doctor: Doctor, visitor: ClinicClient, now: datetime) -> None:
    make_slot(doctor, now + timedelta(hours=1))

    first, again, head = (visitor.get(AVAILABLE), visitor.get(AVAILABLE), visitor.head(AVAILABLE))

    assert (first.headers, first.content) == (again.headers, again.content)
    assert (head.headers, head.content) == (first.headers, b"")


def test_pages_join_to_the_whole(doctor: Doctor, visitor: ClinicClient, now: datetime) -> None:
    slots = [make_slot(doctor, now + timedelta(hours=n)) for n in range(1, 6)]

    first, second, third, fourth = (
        data_of(visitor.get(AVAILABLE, {"page_size": 2, "page": n})) for n in (1, 2, 3, 4)
    )

    pages = [[slot["id"] for slot in page["results"]] for page in (first, second, third, fourth)]
    assert pages == [ids(*slots[:2]), ids(*slots[2:4]), ids(*slots[4:]), []]
    assert [page["count"] for page in (first, second, third, fourth)] == [5, 5, 5, 5]
    assert [page["previous"] is None for page in (first, second, third)] == [True, False, False]
    assert [page["next"] is None for page in (first, second, third)] == [False, False, True]
    assert listed(visitor) == ids(*slots)
    assert data_of(visitor.get(second["previous"])) == first


def test_it_costs_as_many_queries_however_many_slots_there_are_and_none_from_the_cache(
    doctor: Doctor, visitor: ClinicClient, now: datetime
) -> None:
    visitor.get(AVAILABLE, {"from": "2026-03-20"})  # the host is known from now on
    costs = []
    for count in (1, 3):
        for n in range(count):
            make_slot(doctor, now + timedelta(hours=10 * count + n))
        query = {"doctor": str(doctor.pk), "page_size": str(count + 10)}
        costs += [len(queries_of(partial(visitor.get, AVAILABLE, query))) for _ in range(2)]

    # The clinic's rules, what else there is to look at, and the slots.
    assert costs == [3, 0, 3, 0]


def test_without_redis_it_still_answers(
    doctor: Doctor, patient: Patient, as_user: Callable[..., ClinicClient], now: datetime, settings: Any
) -> None:
    slot = make_slot(doctor, now + timedelta(hours=1))
    client = as_user(patient.user)
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}

    before = listed(client)
    booked = client.post("/api/appointments/bookings/", {"slot": str(slot.pk)})

    assert (before, booked.status_code, listed(client)) == (ids(slot), 201, [])


def with_whom(client: ClinicClient, **query: Any) -> list[tuple[str, str]]:
    """Start and doctor of what is listed where any doctor will do."""
    found = data_of(client.get(f"{AVAILABLE}?{urlencode({'any_doctor': 'true', **query})}"))
    assert found["count"] == len(found["results"])
    return [(slot["starts_at"], slot["doctor_name"]) for slot in found["results"]]


def test_with_any_doctor_each_time_is_listed_once_with_who_has_least_to_do_that_day(
    patient: Patient, visitor: ClinicClient, now: datetime
) -> None:
    busy, idle = make_doctor(name="Busy", title="Dr"), make_doctor(name="Idle", title="Dr")
    times = [now + timedelta(hours=n) for n in (1, 2, 25)]
    for doctor in (busy, idle):
        for time in times:
            make_slot(doctor, time)
    make_slot(busy, now + timedelta(hours=3))
    make_booking(make_slot(busy, now + timedelta(hours=5)), patient, now=now)
    make_booking(make_slot(idle, now + timedelta(hours=29)), patient, now=now)

    found = with_whom(visitor)

    assert found == [
        (f"{time:%Y-%m-%dT%H:%M:%SZ}", name)
        for time, name in zip(
            [*times[:2], now + timedelta(hours=3), times[2]],
            ["Dr Idle", "Dr Idle", "Dr Busy", "Dr Busy"],
            strict=True,
        )
    ]


def test_of_doctors_with_nothing_to_do_each_has_their_days(visitor: ClinicClient, now: datetime) -> None:
    first, second = make_doctor(name="First"), make_doctor(name="Second")
    for day in range(12):
        for doctor in (first, second):
            make_slot(doctor, now + timedelta(days=day, hours=1))

    assert {name for _starts_at, name in with_whom(visitor)} == {first.display_name, second.display_name}


def test_any_doctor_is_one_who_takes_new_patients_and_practises_what_is_asked_for(
    visitor: ClinicClient, now: datetime
) -> None:
    full = make_doctor(accepting_new_patients=False, specialties=["audiology"])
    wanted = make_doctor(specialties=["audiology"])
    for doctor in (full, make_doctor(), wanted):
        make_slot(doctor, now + timedelta(hours=1))

    assert [name for _starts_at, name in with_whom(visitor, specialty="audiology")] == [wanted.display_name]
