"""Scheduling in Django Admin follows the rules of the services and shows errors on the page."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils.html import escape

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.availability.next_open_slot import refresh_next_slot
from scheduling.bookings import admin as bookings_admin
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import hold_slot
from scheduling.models import Booking, BookingEvent, DatedException, NextOpen, Slot, WorkingHours
from tenants.accounts.models import User
from tenants.base.clock import format_staff_time
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.admin_pages import get_page, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.forms import parse_form
from tests.factories.people import make_admin, make_doctor, make_patient, make_receptionist, user_of
from tests.factories.queries import queries_of
from tests.factories.queue import queued_job_kinds, queued_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_visit_type

NO_HOURS = {f"working_hours-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}


def hours_form(doctor: Doctor, *rows: dict[str, str]) -> dict[str, str]:
    """The doctor's page with these rows of hours added."""
    form = {"title": "Dr", "name": doctor.name, "is_active": "on", "accepting_new_patients": "on"}
    form |= {"years_of_experience": "3", "languages": "en", "bio": "", "licence_number": ""}
    form |= NO_HOURS | {"working_hours-TOTAL_FORMS": str(len(rows))}
    for index, row in enumerate(rows):
        form |= {f"working_hours-{index}-{name}": value for name, value in row.items()}
    return form


def row(weekday: int, opens: str, closes: str, minutes: str = "30") -> dict[str, str]:
    return {"weekday": str(weekday), "opens": opens, "closes": closes, "slot_minutes": minutes, "weeks": "0"}


def test_working_hours_are_saved_and_slots_regenerated(desk: ClinicClient, doctor: Doctor) -> None:
    submit_form(desk, f"clinics/doctor/{doctor.pk}/change/", hours_form(doctor, row(0, "09:00", "24:00")))

    hours = WorkingHours.objects.get(doctor=doctor)
    assert (hours.weekday, hours.opens, hours.closes, hours.slot_minutes) == (0, 540, 1440, 30)
    assert [line.row_id for line in queued_jobs(kind="doctor_hours")] == [doctor.pk]


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([row(0, "09:00", "12:00"), row(0, "11:00", "13:00")], "09:00-12:00 and 11:00-13:00 overlap."),
        ([row(0, "22:00", "06:00")], "The end (06:00) must be after the start (22:00)."),
        ([row(0, "9 am", "12:00")], "“9 am” is not a time. Enter a time from 00:00 to 24:00"),
        ([row(0, "09:00", "12:00", "1")], "5"),
    ],
)
def test_invalid_working_hours_are_refused_on_the_page(
    desk: ClinicClient, doctor: Doctor, rows: list[dict[str, str]], text: str
) -> None:
    page = submit_form(desk, f"clinics/doctor/{doctor.pk}/change/", hours_form(doctor, *rows))

    assert escape(text) in page, [line for line in page.splitlines() if "errorlist" in line]
    assert WorkingHours.objects.count() == 0


@pytest.mark.parametrize(("at", "weeks"), [("2024-01-03T12:00:00Z", "A"), ("2024-01-10T12:00:00Z", "B")])
def test_the_current_alternating_week_is_marked(
    desk: ClinicClient, admin: User, doctor: Doctor, at: str, weeks: str
) -> None:
    with time_machine.travel(datetime.fromisoformat(at), tick=False):
        desk.force_login(admin)
        page = get_page(desk, f"clinics/doctor/{doctor.pk}/change/")

    assert [f"{letter} weeks (this week)" in page for letter in "AB"] == [weeks == "A", weeks == "B"]


def test_invalid_language_codes_are_refused_with_an_explanation(desk: ClinicClient, doctor: Doctor) -> None:
    page = submit_form(
        desk, f"clinics/doctor/{doctor.pk}/change/", hours_form(doctor) | {"languages": "en, klingon!"}
    )

    assert "Enter language codes, for example en or pt-BR." in page
    assert "in the array" not in page


def test_an_exception_to_working_hours_is_saved(desk: ClinicClient, doctor: Doctor) -> None:
    form = {"doctor": str(doctor.pk), "day": "2026-12-24", "slot_minutes": "15"}
    form |= {"intervals-TOTAL_FORMS": "1", "intervals-INITIAL_FORMS": "0"}
    form |= {"intervals-0-opens": "10:00", "intervals-0-closes": "12:00"}

    submit_form(desk, "scheduling/datedexception/add/", form)

    exception = DatedException.objects.get(doctor=doctor)
    assert [(i.opens, i.closes) for i in exception.intervals.all()] == [(600, 720)]
    assert queued_job_kinds(row_id=doctor.pk) == ["doctor_hours"]


def test_an_admin_can_book_for_a_patient(
    desk: ClinicClient, admin: User, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    slot = make_slot(doctor, soon)
    form = {"patient": str(patient.pk), "slot": str(slot.pk), "reason": "By phone"}

    submit_form(desk, "scheduling/booking/add/", form)

    booking = Booking.objects.get()
    assert (booking.patient, booking.slot, booking.reason) == (patient, slot, "By phone")
    assert BookingEvent.objects.get(booking=booking).by == admin


def test_the_front_desk_answers_the_intake_questions(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    slot, visit = make_slot(doctor, soon), make_visit_type(name="First visit")
    smokes = visit.questions.create(text="Do you smoke?", kind="yes_no", is_required=True)
    since = visit.questions.create(text="Since when?", position=1)
    form = {"patient": str(patient.pk), "slot": str(slot.pk), "visit_type": str(visit.pk), "reason": "Cough"}

    first_page = submit_form(desk, "scheduling/booking/add/", form)
    none_yet = Booking.objects.count()
    answers = {f"answer_{smokes.pk}": "yes", f"answer_{since.pk}": ""}
    submit_form(desk, "scheduling/booking/add/", {**form, **answers})

    assert [text in first_page for text in ("Do you smoke?", "Since when?", "Cough")] == [True] * 3
    assert none_yet == 0
    booking = Booking.objects.get()
    assert [(each["text"], each["answer"]) for each in booking.answers] == [("Do you smoke?", "yes")]
    assert "Do you smoke? Yes" not in get_page(desk, f"scheduling/booking/{booking.pk}/change/")
    ClinicSettings.objects.update(desk_sees_clinical=True)
    assert "Do you smoke? Yes" in get_page(desk, f"scheduling/booking/{booking.pk}/change/")


def test_a_taken_slot_is_refused_on_the_page(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    slot = make_slot(doctor, soon)
    make_booking(slot, make_patient(), now=clock_now())

    page = submit_form(
        desk, "scheduling/booking/add/", {"patient": str(patient.pk), "slot": str(slot.pk), "reason": ""}
    )

    assert "Someone else has just booked this time." in page
    assert Booking.objects.count() == 1


def test_cancelling_several_bookings_asks_for_confirmation_with_their_number(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    bookings = [
        make_booking(make_slot(doctor, soon + timedelta(hours=n)), patient, now=clock_now()) for n in range(2)
    ]
    chosen = {"action": "cancel_selected", "_selected_action": [str(booking.pk) for booking in bookings]}

    first_page = submit_form(desk, "scheduling/booking/", chosen)
    untouched = Booking.objects.taking_time().count()
    done = submit_form(desk, "scheduling/booking/", {**chosen, "confirmed": "yes", "reason": "Ill"})

    assert "2 bookings will be cancelled" in first_page
    assert untouched == 2
    assert "2 bookings cancelled." in done
    assert Booking.objects.taking_time().count() == 0
    assert set(BookingEvent.objects.filter(kind="cancelled").values_list("note", flat=True)) == {"Ill"}


def test_the_front_desk_confirms_checks_in_and_completes_several_bookings(
    desk: ClinicClient, admin: User, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    booking = make_booking(make_slot(doctor, soon), patient, now=clock_now())
    Booking.objects.update(status="PENDING")
    path, chosen = "scheduling/booking/", {"_selected_action": [str(booking.pk)]}

    statuses = []
    for action, at in (
        ("confirm_selected", clock_now()),
        ("check_in_selected", soon),
        ("complete_selected", soon),
        ("missed_selected", soon),
    ):
        with time_machine.travel(at, tick=False):
            desk.force_login(admin)
            page = submit_form(desk, path, {**chosen, "action": action})
        statuses.append((Booking.objects.get().status, "1 booking updated." in page))

    assert statuses == [("CONFIRMED", True), ("CHECKED_IN", True), ("COMPLETED", True), ("COMPLETED", False)]


def test_an_action_in_bulk_changes_what_it_can_and_names_the_booking_that_was_refused(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    bookings = [
        make_booking(make_slot(doctor, soon + timedelta(hours=n)), patient, now=clock_now()) for n in range(2)
    ]
    Booking.objects.filter(pk=bookings[0].pk).update(status="PENDING")

    page = submit_form(
        desk,
        "scheduling/booking/",
        {"action": "confirm_selected", "_selected_action": [str(booking.pk) for booking in bookings]},
    )

    assert "1 booking updated." in page
    refused = (
        f"{patient}, {format_staff_time(bookings[1].starts_at)}: This appointment can no longer be changed."
    )
    assert refused in page
    assert set(Booking.objects.values_list("status", flat=True)) == {"CONFIRMED"}


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("PENDING", ["confirm_selected", "cancel_selected"]),
        (
            "CONFIRMED",
            [
                "check_in_selected",
                "start_selected",
                "complete_selected",
                "missed_selected",
                "cancel_selected",
            ],
        ),
        ("CHECKED_IN", ["start_selected", "complete_selected", "undo_selected"]),
        ("IN_PROGRESS", ["complete_selected", "undo_selected"]),
        ("COMPLETED", ["undo_selected"]),
        ("NO_SHOW", ["check_in_selected", "undo_selected"]),
    ],
)
def test_a_bookings_page_has_buttons_for_the_next_steps(
    desk: ClinicClient, doctor: Doctor, patient: Patient, *, soon: datetime, status: str, offered: list[str]
) -> None:
    booking = make_booking(make_slot(doctor, soon), patient, now=clock_now())
    Booking.objects.update(status=status)

    page = get_page(desk, f"scheduling/booking/{booking.pk}/change/")

    assert re.findall(r'name="action" value="(\w+)"', page) == offered
    assert 'formaction="/admin/scheduling/booking/?when=all"' in page or not offered
    assert 'name="_save"' not in page


def test_a_button_on_a_bookings_page_runs_the_lists_action(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    booking = make_booking(make_slot(doctor, soon), patient, now=clock_now())
    Booking.objects.update(status="PENDING")
    form = parse_form(get_page(desk, f"scheduling/booking/{booking.pk}/change/"))

    page = submit_form(desk, "scheduling/booking/", {**form, "action": "confirm_selected"})

    assert "1 booking updated." in page
    assert Booking.objects.get().status == "CONFIRMED"


def test_holds_are_not_listed(desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime) -> None:
    held = hold_slot(
        slot_id=make_slot(doctor, soon).pk, patient=patient, by=user_of(patient), now=clock_now()
    )

    page = desk.get("/admin/scheduling/booking/").content.decode()

    assert str(held.pk) not in page


def test_a_higher_limit_updates_the_next_open_slot_at_once(
    desk: ClinicClient, doctor: Doctor, soon: datetime
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(day_limit=1)
    make_booking(make_slot(doctor, soon), make_patient(), now=clock_now())
    slot = make_slot(doctor, soon + timedelta(minutes=30))
    refresh_next_slot(doctor_id=doctor.pk, now=clock_now())
    before = NextOpen.objects.get(doctor=doctor).starts_at

    submit_form(desk, f"clinics/doctor/{doctor.pk}/change/", hours_form(doctor) | {"day_limit": "2"})

    assert (before, NextOpen.objects.get(doctor=doctor).starts_at) == (None, slot.starts_at)


def test_bookings_and_patients_are_never_deleted(
    desk: ClinicClient, doctor: Doctor, patient: Patient
) -> None:
    booking = make_booking(make_slot(doctor, clock_now() + timedelta(days=2)), patient, now=clock_now())

    answers = [
        desk.get(f"/admin/{path}/delete/").status_code
        for path in (
            f"scheduling/booking/{booking.pk}",
            f"clinics/patient/{patient.pk}",
            f"clinics/doctor/{doctor.pk}",
        )
    ]

    assert answers == [403, 403, 403]


def test_a_booked_slot_cannot_be_moved_or_removed(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    slot = make_slot(doctor, soon)
    make_booking(slot, patient, now=clock_now())

    page = submit_form(desk, f"scheduling/slot/{slot.pk}/delete/", {"post": "yes"})

    assert "This time is booked." in page
    assert Slot.objects.get(pk=slot.pk).status == "free"


def test_a_free_slot_is_marked_as_removed(desk: ClinicClient, doctor: Doctor, soon: datetime) -> None:
    slot = make_slot(doctor, soon)

    submit_form(desk, f"scheduling/slot/{slot.pk}/delete/", {"post": "yes"})

    assert Slot.objects.get(pk=slot.pk).status == "withdrawn"


def test_if_one_selected_slot_is_booked_none_is_removed(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    slots = [make_slot(doctor, soon + timedelta(hours=n)) for n in range(2)]
    make_booking(slots[1], patient, now=clock_now())
    chosen = {"action": "delete_selected", "_selected_action": [str(slot.pk) for slot in slots]}

    page = submit_form(desk, "scheduling/slot/", {**chosen, "post": "yes"})

    assert "This time is booked." in page
    assert list(Slot.objects.values_list("status", flat=True)) == ["free", "free"]


def test_only_open_slots_are_suggested_for_a_booking(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    free, taken, blocked = (make_slot(doctor, soon + timedelta(hours=n)) for n in range(3))
    make_booking(taken, patient, now=clock_now())
    Slot.objects.filter(pk=blocked.pk).update(status="blocked")
    query = {"app_label": "scheduling", "model_name": "booking", "field_name": "slot", "term": doctor.name}

    answer = desk.get("/admin/autocomplete/", query).json()

    assert [result["id"] for result in answer["results"]] == [str(free.pk)]


@pytest.mark.parametrize(
    "path", ["scheduling/slot/", "scheduling/booking/", "clinics/doctor/", "notifications/message/"]
)
def test_lists_have_a_constant_number_of_queries(
    desk: ClinicClient,
    doctor: Doctor,
    soon: datetime,
    path: str,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    desk.get(f"/admin/{path}")
    make_booking(make_slot(doctor, soon), make_patient(), now=clock_now())
    with django_assert_max_num_queries(100) as of_one:
        desk.get(f"/admin/{path}")
    for hours in (1, 2):
        make_booking(make_slot(doctor, soon + timedelta(hours=hours)), make_patient(), now=clock_now())

    with django_assert_max_num_queries(100) as of_three:
        desk.get(f"/admin/{path}")

    assert len(of_three) == len(of_one)


def test_patients_and_doctors_cannot_open_the_admin(clinic: Clinic, doctor: Doctor, patient: Patient) -> None:
    for user in (doctor.user, patient.user):
        assert user is not None
        client = ClinicClient(clinic)
        client.force_login(user)

        assert client.get("/admin/").status_code == 302


@pytest.fixture
def reception(clinic: Clinic) -> ClinicClient:
    """A receptionist who is signed in to the admin."""
    client = ClinicClient(clinic)
    client.force_login(make_receptionist())
    return client


def test_a_receptionist_can_book_and_cancel_for_a_patient(
    reception: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    slot = make_slot(doctor, soon)
    form = {"patient": str(patient.pk), "slot": str(slot.pk), "reason": "By phone"}

    submit_form(reception, "scheduling/booking/add/", form)
    booked = Booking.objects.get()
    chosen = {"action": "cancel_selected", "_selected_action": [str(booked.pk)], "confirmed": "yes"}
    submit_form(reception, "scheduling/booking/", {**chosen, "reason": "Rang up"})

    assert (booked.patient, booked.slot) == (patient, slot)
    assert Booking.objects.get().status == "CANCELLED"


def test_a_receptionist_gets_suggestions_of_patients_slots_and_visit_types(
    reception: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    slot, visit = make_slot(doctor, soon), make_visit_type(name="Check-up")
    make_visit_type(name="Not any more", is_active=False)
    query = {"app_label": "scheduling", "model_name": "booking"}

    slots = reception.get("/admin/autocomplete/", {**query, "field_name": "slot", "term": doctor.name})
    patients = reception.get("/admin/autocomplete/", {**query, "field_name": "patient", "term": "Number"})
    visits = reception.get("/admin/autocomplete/", {**query, "field_name": "visit_type", "term": ""})

    assert [result["id"] for result in slots.json()["results"]] == [str(slot.pk)]
    assert [result["id"] for result in patients.json()["results"]] == [str(patient.pk)]
    assert [result["id"] for result in visits.json()["results"]] == [str(visit.pk)]


def test_a_receptionist_cannot_change_a_patients_account(reception: ClinicClient, patient: Patient) -> None:
    stranger = make_patient().user
    assert stranger is not None
    form = {"first_name": "Pat", "last_name": "New", "user": str(stranger.pk), "address": ""}
    form |= {f"cared_for_by-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}

    submit_form(reception, f"clinics/patient/{patient.pk}/change/", form)

    changed = Patient.objects.get(pk=patient.pk)
    assert (changed.last_name, changed.user) == ("New", patient.user)


def test_a_receptionist_sees_only_the_pages_of_the_front_desk(reception: ClinicClient) -> None:
    page = reception.get("/admin/").content.decode()

    pages = ["patient", "booking", "slot", "message", "doctor", "timeoff"]
    shown = [name for name in pages if f"/{name}/" in page]
    hidden = [name for name in ("user", "specialty", "auditentry") if f"/{name}/" in page]
    assert (shown, hidden) == (pages, [])


def test_all_selected_bookings_are_cancelled_before_next_open_slots_are_refreshed(
    desk: ClinicClient, patient: Patient, soon: datetime
) -> None:
    """Otherwise two such actions could deadlock on each other's doctors."""
    doctors = [make_doctor() for _ in range(2)]
    slots = [make_slot(doctor, soon + timedelta(hours=n)) for n, doctor in enumerate(doctors)]
    bookings = [make_booking(slot, patient, now=clock_now()) for slot in slots]
    chosen = {"_selected_action": [str(booking.pk) for booking in bookings]}
    form = {**chosen, "action": "cancel_selected", "confirmed": "yes", "reason": ""}

    queries = queries_of(lambda: submit_form(desk, "scheduling/booking/", form))

    cancels = [n for n, query in enumerate(queries) if query.startswith('UPDATE "scheduling_booking"')]
    lookups = [n for n, query in enumerate(queries) if "FROM scheduling_nextopen" in query]
    assert (len(cancels), len(lookups)) == (2, 2)
    assert max(cancels) < min(lookups)


def test_a_form_is_retried_after_a_conflict_with_another_transaction(
    committed_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An offer and a form for one slot can deadlock; Postgres cancels one of the two."""
    doctor, patient, admin = make_doctor(), make_patient(), make_admin()
    desk, attempts = ClinicClient(committed_clinic), list[object]()
    desk.force_login(admin)
    slot = make_slot(doctor, clock_now() + timedelta(days=2))

    def book(**values: Any) -> Booking:
        attempts.append(values)
        if len(attempts) == 1:
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'; END $$")
        return book_slot(**values)

    monkeypatch.setattr(bookings_admin, "book_slot", book)
    form = {"patient": str(patient.pk), "slot": str(slot.pk), "reason": ""}
    page = submit_form(desk, "scheduling/booking/add/", form)

    assert "was added successfully" in page
    assert (len(attempts), Booking.objects.count()) == (2, 1)
