"""Closing an account cancels upcoming appointments and erases all personal data."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, models

from clinics.models import Care, ClinicSettings, Doctor, Patient
from notifications.models import CalendarFeed
from notifications.services.feeds import create_feed
from scheduling.account_closure import close_account, delete_old_closings
from scheduling.bookings import sql as sql_module
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking, BookingEvent, Closing, IdempotentAnswer
from tenants.accounts.models import AuditEntry, PasswordReset, User
from tenants.accounts.sessions.services import start_session
from tenants.base.errors import NotFound
from tenants.current import current_clinic, enter_public
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_admin, make_dependant, make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently
from tests.notifications.conftest import Inbox

AsUser = Callable[..., ClinicClient]
PATH = "/api/users/me/close/"
CANARY = "kanarienvogel"
BIRTHDAY = date(1911, 11, 11)


@pytest.fixture
def as_user(clinic: Clinic, client_for: Callable[..., ClinicClient], clock: Any) -> AsUser:
    """Return a function that signs a user in at the London clinic. The clock is stopped."""
    return lambda user: client_for(clinic, user)


def close(patient: Patient, now: datetime) -> None:
    """Close the patient's account."""
    assert patient.user is not None
    close_account(user=patient.user, password=PASSWORD, address="127.0.0.1", now=now)


def canary_values(model: type[models.Model]) -> dict[str, Any]:
    """Return the canary for every text column of a model, and the birthday for every date column."""
    texts = {
        field.name: CANARY
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not (field.choices or field.unique or field.name in {"email", "password"})
    }
    days = {f.name: BIRTHDAY for f in model._meta.concrete_fields if type(f) is models.DateField}
    return texts | days


def tables_containing(*texts: str) -> set[tuple[str, str]]:
    """Return each table of the clinic's schema and of public that contains one of `texts`, with the text."""
    found = set(_tables_in_schema(current_clinic().schema_name, texts))
    with enter_public():
        return found | set(_tables_in_schema("public", texts))


def _tables_in_schema(schema: str, texts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        for (table,) in cursor.fetchall():
            for text in texts:
                sql = f'SELECT EXISTS (SELECT FROM "{schema}"."{table}" AS row WHERE row::text ILIKE %s)'
                cursor.execute(sql, [f"%{text}%"])
                if cursor.fetchone()[0]:
                    yield table, text


@pytest.fixture
def canary(doctor: Doctor, admin: User, client_for: Any, clock: Any, now: datetime) -> Patient:
    """A patient with the canary in every field that patients or staff can fill in."""
    patient = make_patient(email=f"{CANARY}@people.example", first_name=CANARY, last_name=CANARY)
    user, child = patient.user, make_dependant(patient)
    assert user is not None
    User.objects.filter(pk=user.pk).update(**canary_values(User))
    Patient.objects.filter(pk__in=[patient.pk, child.pk]).update(**canary_values(Patient))
    for day, booked_for in ((1, patient), (2, child)):
        slot = make_slot(doctor, now + timedelta(days=day))
        booking = book_slot(slot_id=slot.pk, patient=booked_for, by=user, reason=CANARY, now=now)
        cancel_booking(booking=booking, by=user, reason=CANARY, now=now)
    PasswordReset.objects.create(email=user.email, expires_at=now + timedelta(hours=1))
    create_feed(user=user, name=CANARY, now=now)
    desk = client_for(current_clinic(), admin)
    desk.force_login(admin)
    for booked_by, booked_for in ((user, patient), (admin, child)):
        body = {"slot": str(make_slot(doctor, now + timedelta(days=3)).pk), "patient": str(booked_for.pk)}
        client = client_for(current_clinic(), booked_by)
        body["reason"] = CANARY
        response = client.post("/api/appointments/bookings/", body, headers={"Idempotency-Key": CANARY})
        assert response.status_code == 201, response.json()
        doctor = make_doctor()
    texts = {name: str(value) for name, value in canary_values(Patient).items() if name != "erased_at"}
    texts["time_zone"] = ""  # no text, but the name of a zone
    for record in (patient, child):
        form = {**texts, "user": str(record.user_id or ""), **empty_carers_form()}
        assert (
            desk.post(f"/admin/clinics/patient/{record.pk}/change/", form, format="multipart").status_code
            == 302
        )
    account = {"email": user.email, "first_name": CANARY, "last_name": CANARY, "role": "patient"}
    desk.post(f"/admin/accounts/user/{user.pk}/change/", {**account, "is_active": "on"}, format="multipart")
    return patient


def empty_carers_form() -> dict[str, str]:
    """Return the part of the patient form about carers, without any."""
    return {f"cared_for_by-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}


def test_no_personal_text_is_left_in_any_table(
    canary: Patient, run_queue: Callable[[], list[str]], now: datetime
) -> None:
    before = {table for table, _word in tables_containing(CANARY, str(BIRTHDAY))}

    close(canary, now)
    assert run_queue() == []

    assert before == {
        "accounts_user", "accounts_passwordreset", "clinics_patient", "scheduling_booking",
        "scheduling_bookingevent", "scheduling_idempotentanswer", "django_admin_log",
        "notifications_calendarfeed",
    }  # fmt: skip
    assert tables_containing(CANARY, str(BIRTHDAY)) == set()
    assert (Booking.objects.count(), BookingEvent.objects.count()) == (4, 8)
    assert {patient.full_name for patient in Patient.objects.all()} == {"Former patient"}


def test_upcoming_bookings_are_cancelled_at_any_notice_and_past_ones_stay(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    ClinicSettings.objects.update(cancellation_notice_minutes=1440)
    past = make_booking(make_slot(doctor, now + timedelta(hours=1)), patient, now=now)
    Booking.objects.filter(pk=past.pk).update(
        starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1), status="COMPLETED"
    )
    upcoming = make_booking(make_slot(doctor, now + timedelta(hours=2)), patient, now=now)

    answer = as_user(patient.user).post(PATH, {"password": PASSWORD})

    assert answer.status_code == 200, answer.json()
    assert set(Booking.objects.values_list("pk", "status")) == {
        (past.pk, "COMPLETED"),
        (upcoming.pk, "CANCELLED"),
    }
    assert upcoming.events.get(kind="cancelled").by == patient.user


def test_all_sessions_end_and_the_user_cannot_sign_in_again(
    clinic: Clinic, patient: Patient, as_user: AsUser
) -> None:
    assert patient.user is not None
    email, other = patient.user.email, start_session(user=patient.user)
    client = as_user(patient.user)

    client.post(PATH, {"password": PASSWORD})

    anonymous = ClinicClient(clinic)
    sign_in = anonymous.post("/api/auth/login/", {"email": email, "password": PASSWORD})
    renewal = anonymous.post("/api/auth/refresh/", {"refresh": other.refresh})
    statuses = [response.status_code for response in (client.get("/api/auth/profile/"), sign_in, renewal)]
    patient.user.refresh_from_db()
    assert statuses == [401, 401, 401]
    assert (patient.user.email, patient.user.is_active) == (f"{patient.user.pk}@closed.invalid", False)


def test_calendar_feeds_stop_working(clinic: Clinic, patient: Patient, now: datetime) -> None:
    assert patient.user is not None
    created = create_feed(user=patient.user, name="My phone", now=now)
    path = f"/api/appointments/feeds/{created.token}.ics"
    before = ClinicClient(clinic).get(path).status_code

    close(patient, now)

    assert (before, ClinicClient(clinic).get(path).status_code) == (200, 404)
    assert not CalendarFeed.objects.exists()


def test_the_email_address_can_be_registered_again(clinic: Clinic, patient: Patient, now: datetime) -> None:
    assert patient.user is not None
    email = patient.user.email

    close(patient, now)

    assert make_patient(email=email).pk != patient.pk


def test_a_wrong_password_changes_nothing_and_is_counted(patient: Patient, as_user: AsUser) -> None:
    client = as_user(patient.user)

    responses = [client.post(PATH, {"password": "wrong horse battery"}) for _ in range(11)]

    assert [response.status_code for response in responses] == [400] * 10 + [429]
    assert list(responses[0].json()["errors"]) == ["password"]
    patient.refresh_from_db()
    assert (patient.erased_at, Closing.objects.count()) == (None, 0)


def test_a_dependant_with_another_carer_stays_and_one_without_is_erased(
    patient: Patient, doctor: Doctor, now: datetime
) -> None:
    assert patient.user is not None
    shared, alone, father = make_dependant(patient), make_dependant(patient), make_patient()
    other = make_patient()
    Care.objects.create(carer=other, dependant=shared)
    Care.objects.create(carer=patient, dependant=father)
    for hours, dependant in enumerate((shared, alone), 1):
        slot = make_slot(doctor, now + timedelta(hours=hours))
        book_slot(slot_id=slot.pk, patient=dependant, by=patient.user, reason="Cough", now=now)

    close(patient, now)

    remaining = set(Patient.objects.known().values_list("pk", flat=True))
    assert remaining == {shared.pk, father.pk, other.pk}
    assert dict(Booking.objects.values_list("patient", "status")) == {
        shared.pk: "CONFIRMED",
        alone.pk: "CANCELLED",
    }
    assert list(Care.objects.values_list("carer", "dependant")) == [(other.pk, shared.pk)]


def test_a_last_email_confirms_the_closure_and_the_address_is_deleted(
    patient: Patient, run_queue: Callable[[], list[str]], inbox: Inbox, now: datetime
) -> None:
    assert patient.user is not None
    email = patient.user.email

    close(patient, now)
    stored_addresses = list(Closing.objects.values_list("email", flat=True))
    assert run_queue() == []

    (mail,) = inbox.mails()
    text = mail.get_body(("plain",))
    assert text is not None
    assert (stored_addresses, mail["To"], mail["Subject"]) == ([email], email, "Your account is closed")
    assert "This is our last email to you" in text.get_content()
    assert not Closing.objects.exists()


def test_an_undeliverable_address_is_deleted_after_a_week(patient: Patient, now: datetime) -> None:
    close(patient, now)

    counts = [delete_old_closings(before=now + timedelta(seconds=seconds)) for seconds in (0, 1)]

    assert counts == [0, 1]


def test_a_closure_is_audited_without_patient_data(patient: Patient, now: datetime) -> None:
    close(patient, now)

    entry = AuditEntry.objects.latest("id")
    assert (entry.what, entry.kind, entry.record_id) == ("closed", "accounts.user", str(patient.user_id))
    assert patient.last_name not in str(list(AuditEntry.objects.values_list()))


def test_a_former_patient_is_not_listed_and_cannot_be_opened(
    patient: Patient, as_user: AsUser, admin: User, now: datetime
) -> None:
    close(patient, now)
    client = as_user(admin)

    assert data_of(client.get("/api/users/patients/"))["count"] == 0
    assert client.get(f"/api/users/patients/{patient.pk}/").status_code == 404


def test_booking_during_the_closure_leaves_no_upcoming_booking(
    committed_clinic: Clinic, now: datetime
) -> None:
    doctor, patient = make_doctor(), make_patient()
    slots = [make_slot(doctor, now + timedelta(hours=hour)) for hour in range(1, 8)]
    bookings = [partial(make_booking, slot, patient, now=now) for slot in slots]

    outcomes = run_concurrently(committed_clinic, partial(close, patient, now), *bookings)

    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert {type(error) for error in refused} <= {NotFound}
    assert outcomes[0] is None
    assert not Booking.objects.exclude(status="CANCELLED").exists()
    assert IdempotentAnswer.objects.count() == 0


@pytest.mark.parametrize("guarded", [True, False])
def test_a_booking_in_progress_during_the_closure_is_refused(
    doctor: Doctor, patient: Patient, now: datetime, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    book = partial(make_booking, make_slot(doctor, now + timedelta(hours=1)), patient, now=now)
    close(patient, now)

    if guarded:
        with pytest.raises(NotFound):
            book()
    else:
        unguarded = sql_module.BOOK.replace("AND patient.erased_at IS NULL", "")
        monkeypatch.setattr(sql_module, "BOOK", unguarded)
        book()

    assert Booking.objects.exists() is not guarded


def test_when_both_carers_close_concurrently_the_dependant_is_erased(
    committed_clinic: Clinic, now: datetime
) -> None:
    first, second = make_patient(), make_patient()
    child = make_dependant(first)
    Care.objects.create(carer=second, dependant=child)

    outcomes = run_concurrently(committed_clinic, *(partial(close, carer, now) for carer in (first, second)))

    assert outcomes == [None, None]
    assert not Patient.objects.known().exists()


def test_staff_cannot_close_their_accounts(as_user: AsUser, doctor: Doctor) -> None:
    users = [doctor.user, make_admin()]

    assert [as_user(user).post(PATH, {"password": PASSWORD}).status_code for user in users] == [403, 403]
