"""`appointments/available/`: the slots it lists, their fields, caching and number of queries."""

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


def list_ids(client: ClinicClient, **query: Any) -> list[str]:
    """Return the ids of the listed slots, in order. `first` and `last` are sent as `from` and `to`."""
    params = {{"first": "from", "last": "to"}.get(name, name): value for name, value in query.items()}
    return [slot["id"] for slot in data_of(client.get(f"{AVAILABLE}?{urlencode(params)}"))["results"]]


def ids(*slots: Slot) -> list[str]:
    return [str(slot.pk) for slot in slots]


def test_open_slots_are_listed_soonest_first(doctor: Doctor, visitor: ClinicClient, now: datetime) -> None:
    third, first = (make_slot(doctor, now + timedelta(hours=n)) for n in (3, 1))
    second = make_slot(make_doctor(), now + timedelta(hours=2))

    assert list_ids(visitor) == ids(first, second, third)


def test_slots_that_cannot_be_booked_are_not_listed(
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

    assert list_ids(visitor) == ids(bookable)


def test_slots_are_listed_until_the_last_day_of_the_booking_window(
    doctor: Doctor, visitor: ClinicClient, now: datetime
) -> None:
    ClinicSettings.objects.update(horizon_days=30)
    # The 30th day is 1 April 2026, which ends at 23:00 UTC.
    last = make_slot(doctor, datetime(2026, 4, 1, 22, 59, tzinfo=UTC))
    make_slot(doctor, datetime(2026, 4, 1, 23, 30, tzinfo=UTC))

    assert list_ids(visitor, first="2026-04-01", last="2026-04-02") == ids(last)


@pytest.mark.parametrize(
    ("now", "day", "starts", "ends"),
    [
        (datetime(2026, 3, 20, tzinfo=UTC), "2026-03-29", "2026-03-29T00:00Z", "2026-03-29T23:00Z"),
        (datetime(2026, 10, 20, tzinfo=UTC), "2026-10-25", "2026-10-24T23:00Z", "2026-10-26T00:00Z"),
    ],
    ids=["spring", "autumn"],
)
def test_days_are_in_the_clinics_time_zone_at_both_clock_changes(
    doctor: Doctor, visitor: ClinicClient, day: str, starts: str, ends: str
) -> None:
    first, after = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
    make_slot(doctor, first - timedelta(minutes=5), minutes=5)
    opening = make_slot(doctor, first, minutes=5)
    closing = make_slot(doctor, after - timedelta(minutes=5), minutes=5)
    make_slot(doctor, after, minutes=5)

    assert list_ids(visitor, first=day, last=day) == ids(opening, closing)


@pytest.mark.parametrize(
    ("now", "evening"),
    [
        (datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 3, 28, 22, tzinfo=UTC)),
        (datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)),
    ],
    ids=["spring", "autumn"],
)
def test_local_times_equal_those_of_other_responses_across_a_clock_change(
    doctor: Doctor, visitor: ClinicClient, evening: datetime
) -> None:
    for quarter in range(24):
        make_slot(doctor, evening + timedelta(minutes=15 * quarter), minutes=15)

    data = data_of(
        visitor.get(
            AVAILABLE, {"from": f"{evening:%Y-%m-%d}", "to": f"{evening + timedelta(days=1):%Y-%m-%d}"}
        )
    )

    def as_json(slot: Slot) -> dict[str, Any]:
        local_times = local_time_fields(slot.starts_at, slot.ends_at)
        return local_times | {
            "id": str(slot.pk),
            "doctor": str(doctor.pk),
            "place": None,
            "status": "free",
            "starts_at": f"{slot.starts_at:%Y-%m-%dT%H:%M:%SZ}",
            "ends_at": f"{slot.ends_at:%Y-%m-%dT%H:%M:%SZ}",
            "local_date": local_times["local_date"].isoformat(),
        }

    assert data["results"] == [as_json(slot) for slot in Slot.objects.order_by("starts_at")]
    assert {slot["tz_label"] for slot in data["results"]} == {"London time"}


def test_slots_are_filtered_by_doctor_and_by_specialty_code_or_id(
    doctor: Doctor, visitor: ClinicClient, now: datetime
) -> None:
    dentist = make_doctor(specialties=["dentistry", "audiology"])
    general, dental = (make_slot(each_doctor, now + timedelta(hours=1)) for each_doctor in (doctor, dentist))
    dentistry = Specialty.objects.get(code="dentistry")

    assert list_ids(visitor, doctor=doctor.pk) == ids(general)
    assert list_ids(visitor, specialty="dentistry") == ids(dental)
    assert list_ids(visitor, specialty=dentistry.pk) == ids(dental)
    assert list_ids(visitor, specialty="audiology", doctor=doctor.pk) == []
    assert list_ids(visitor, specialty="nothing") == []


def test_without_dates_the_range_is_a_month_from_today(
    doctor: Doctor, visitor: ClinicClient, now: datetime
) -> None:
    inside = make_slot(doctor, datetime(2026, 4, 1, 12, tzinfo=UTC))
    outside = make_slot(doctor, datetime(2026, 4, 2, 12, tzinfo=UTC))

    assert list_ids(visitor) == ids(inside)
    assert list_ids(visitor, last="2026-04-02") == ids(inside, outside)
    assert list_ids(visitor, first="2026-04-02") == ids(outside)
    assert list_ids(visitor, last="2026-03-01") == []


def test_the_default_range_moves_on_at_the_clinics_midnight(doctor: Doctor, visitor: ClinicClient) -> None:
    slot = make_slot(doctor, datetime(2026, 4, 2, 12, tzinfo=UTC))

    # One minute before London's midnight, and at it.
    with time_machine.travel(datetime(2026, 3, 2, 23, 59, tzinfo=UTC), tick=False):
        evening = list_ids(visitor)
    with time_machine.travel(datetime(2026, 3, 3, tzinfo=UTC), tick=False):
        midnight = list_ids(visitor)

    assert (evening, midnight) == ([], ids(slot))


def test_a_query_is_cached_separately_for_each_encoding(
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
def test_an_invalid_query_returns_400(visitor: ClinicClient, query: dict[str, Any], field: str) -> None:
    answer, repeat = (visitor.get(AVAILABLE, query) for _ in range(2))

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert (repeat.status_code, repeat.content) == (400, answer.content)


def test_the_longest_range_is_92_days(visitor: ClinicClient) -> None:
    assert visitor.get(AVAILABLE, {"from": "2026-03-02", "to": "2026-06-02"}).status_code == 200
    assert visitor.get(AVAILABLE, {"to": "2026-06-02"}).status_code == 200
    assert visitor.get(AVAILABLE, {"from": "2999-12-31"}).status_code == 200


def test_an_unchanged_answer_returns_304(doctor: Doctor, visitor: ClinicClient, now: datetime) -> None:
    make_slot(doctor, now + timedelta(hours=1))
    first = visitor.get(AVAILABLE)

    same = visitor.get(AVAILABLE, headers={"If-None-Match": first["ETag"]})
    other = visitor.get(AVAILABLE, {"from": "2026-04-20"}, headers={"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert other.status_code == 200


def test_answers_have_the_same_etag_exactly_if_their_bytes_are_the_same(
    doctor: Doctor, visitor: ClinicClient, now: datetime
) -> None:
    for n in (1, 2):
        make_slot(doctor, now + timedelta(hours=n))
    # The same slots, with and without a next page. The URL of the next page depends on the query.
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

    first, repeat, head = (visitor.get(AVAILABLE), visitor.get(AVAILABLE), visitor.head(AVAILABLE))

    assert (stable_headers(first), first.content) == (stable_headers(repeat), repeat.content)
    assert (stable_headers(head), head.content) == (stable_headers(first), b"")


def stable_headers(response: Any) -> dict[str, str]:
    """Return the headers without those that each request has of its own."""
    own = ("X-Request-ID", "RateLimit-Remaining", "RateLimit-Reset")
    return {name: value for name, value in response.headers.items() if name not in own}


def test_pages_together_contain_every_slot_once(doctor: Doctor, visitor: ClinicClient, now: datetime) -> None:
    slots = [make_slot(doctor, now + timedelta(hours=n)) for n in range(1, 6)]

    first, second, third, fourth = (
        data_of(visitor.get(AVAILABLE, {"page_size": 2, "page": n})) for n in (1, 2, 3, 4)
    )

    pages = [[slot["id"] for slot in page["results"]] for page in (first, second, third, fourth)]
    assert pages == [ids(*slots[:2]), ids(*slots[2:4]), ids(*slots[4:]), []]
    assert [page["count"] for page in (first, second, third, fourth)] == [5, 5, 5, 5]
    assert [page["previous"] is None for page in (first, second, third)] == [True, False, False]
    assert [page["next"] is None for page in (first, second, third)] == [False, False, True]
    assert list_ids(visitor) == ids(*slots)
    assert data_of(visitor.get(second["previous"])) == first


def test_the_number_of_queries_does_not_depend_on_the_number_of_slots_and_is_0_from_the_cache(
    doctor: Doctor, visitor: ClinicClient, now: datetime
) -> None:
    visitor.get(AVAILABLE, {"from": "2026-03-20"})  # caches the lookup of the clinic by host
    query_counts = []
    for count in (1, 3):
        for n in range(count):
            make_slot(doctor, now + timedelta(hours=10 * count + n))
        query = {"doctor": str(doctor.pk), "page_size": str(count + 10)}
        query_counts += [len(queries_of(partial(visitor.get, AVAILABLE, query))) for _ in range(2)]

    # The settings; the clinic's places, zones and limits; the slots.
    assert query_counts == [3, 0, 3, 0]


def test_slots_are_listed_and_booked_without_redis(
    doctor: Doctor, patient: Patient, as_user: Callable[..., ClinicClient], now: datetime, settings: Any
) -> None:
    slot = make_slot(doctor, now + timedelta(hours=1))
    client = as_user(patient.user)
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}

    before = list_ids(client)
    booked = client.post("/api/appointments/bookings/", {"slot": str(slot.pk)})

    assert (before, booked.status_code, list_ids(client)) == (ids(slot), 201, [])


def list_any_doctor(client: ClinicClient, **query: Any) -> list[tuple[str, str]]:
    """Return the start and doctor of each slot listed with `any_doctor`."""
    found = data_of(client.get(f"{AVAILABLE}?{urlencode({'any_doctor': 'true', **query})}"))
    assert found["count"] == len(found["results"])
    return [(slot["starts_at"], slot["doctor_name"]) for slot in found["results"]]


def test_any_doctor_lists_each_time_once_with_the_least_busy_doctor_of_the_day(
    patient: Patient, visitor: ClinicClient, now: datetime
) -> None:
    busy, idle = make_doctor(name="Busy", title="Dr"), make_doctor(name="Idle", title="Dr")
    starts = [now + timedelta(hours=n) for n in (1, 2, 25)]
    for doctor in (busy, idle):
        for starts_at in starts:
            make_slot(doctor, starts_at)
    make_slot(busy, now + timedelta(hours=3))
    make_booking(make_slot(busy, now + timedelta(hours=5)), patient, now=now)
    make_booking(make_slot(idle, now + timedelta(hours=29)), patient, now=now)

    found = list_any_doctor(visitor)

    assert found == [
        (f"{starts_at:%Y-%m-%dT%H:%M:%SZ}", name)
        for starts_at, name in zip(
            [*starts[:2], now + timedelta(hours=3), starts[2]],
            ["Dr Idle", "Dr Idle", "Dr Busy", "Dr Busy"],
            strict=True,
        )
    ]


def test_any_doctor_varies_by_day_between_doctors_without_bookings(
    visitor: ClinicClient, now: datetime
) -> None:
    first, second = make_doctor(name="First"), make_doctor(name="Second")
    for day in range(12):
        for doctor in (first, second):
            make_slot(doctor, now + timedelta(days=day, hours=1))

    assert {name for _starts_at, name in list_any_doctor(visitor)} == {
        first.display_name,
        second.display_name,
    }


def test_any_doctor_lists_doctors_of_the_specialty_who_accept_new_patients(
    visitor: ClinicClient, now: datetime
) -> None:
    without_new_patients = make_doctor(accepting_new_patients=False, specialties=["audiology"])
    suitable = make_doctor(specialties=["audiology"])
    for doctor in (without_new_patients, make_doctor(), suitable):
        make_slot(doctor, now + timedelta(hours=1))

    assert [name for _starts_at, name in list_any_doctor(visitor, specialty="audiology")] == [
        suitable.display_name
    ]
