"""The audit log in words: names of people and records, old and new values, searches and the CSV export."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.account_closure import close_account
from scheduling.clock.planning import Hours
from scheduling.hours.services import set_exception, set_working_hours
from scheduling.models import Booking
from tenants.accounts.audit.csv_export import escape_formula
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import AuditEntry, User
from tenants.base.clock import format_staff_time
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.admin_pages import get_form, get_page, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import PASSWORD, make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_hours, make_slot

LOG = "accounts/auditentry/"


@pytest.fixture
def desk(clinic: Clinic, admin: User) -> ClinicClient:
    """A browser signed in to the clinic's admin."""
    client = ClinicClient(clinic)
    client.force_login(admin)
    return client


@pytest.fixture
def booking(doctor: Doctor, admin: User) -> Booking:
    """A booking of Pat Smith, read by the admin."""
    patient = make_patient(first_name="Pat", last_name="Smith", email="pat.smith@people.example")
    starts_at = clock_now().replace(microsecond=0) + timedelta(days=3)
    booking = make_booking(make_slot(doctor, starts_at), patient, now=clock_now())
    write_audit_entries(what=AuditAction.READ, by=admin, about=[booking, patient])
    return booking


def export(desk: ClinicClient, query: str = "") -> list[dict[str, str]]:
    """Return the rows of the CSV export."""
    response: Any = desk.get(f"/admin/{LOG}export/{query}")
    content = b"".join(response.streaming_content)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def last_changes() -> Any:
    """Return the changes in the latest entry about a change."""
    return AuditEntry.objects.filter(what="changed").latest("id").changes


def test_the_log_names_people_and_records_in_words(desk: ClinicClient, booking: Booking, admin: User) -> None:
    page = get_page(desk, LOG)

    assert f"Booking of Pat Smith, {format_staff_time(booking.starts_at)}" in page
    assert "Patient: Pat Smith" in page
    assert admin.get_full_name() in page
    assert str(booking.pk) not in page


def test_naming_patients_in_the_log_is_logged_itself(desk: ClinicClient, booking: Booking) -> None:
    get_page(desk, LOG)

    entry = AuditEntry.objects.latest("id")
    assert (entry.what, entry.kind) == ("listed", "accounts.auditentry")


def test_erased_people_stay_anonymous_in_the_log(desk: ClinicClient, booking: Booking) -> None:
    user = user_of(booking.patient)
    write_audit_entries(what=AuditAction.SIGNED_IN, by=user, about=[user])
    close_account(user=user, password=PASSWORD, address="", now=clock_now())

    page = get_page(desk, LOG)

    assert [text for text in ("Smith", "pat.smith", "closed.invalid") if text in page] == []
    assert "Patient: Former patient" in page
    assert "User: Closed account" in page


def test_changed_settings_are_logged_with_old_and_new_values(desk: ClinicClient) -> None:
    page = "clinics/clinicsettings/1/change/"
    submit_form(desk, page, get_form(desk, page) | {"horizon_days": "60", "locale": "en-US"})

    assert ClinicSettings.objects.get().horizon_days == 60
    assert last_changes() == {"horizon_days": [90, 60], "locale": ["en-GB", "en-US"]}
    assert "How far ahead patients can book (days): 90 → 60" in get_page(desk, LOG)


def test_a_changed_role_is_logged_with_old_and_new_value_and_a_name_is_not(desk: ClinicClient) -> None:
    user = make_receptionist()
    page = f"accounts/user/{user.pk}/change/"

    submit_form(desk, page, get_form(desk, page) | {"role": "admin", "last_name": "Canary"})

    assert last_changes() == {"last_name": None, "role": ["receptionist", "admin"]}
    shown = get_page(desk, LOG)
    assert "Role: receptionist → clinic admin" in shown
    assert "Last name was changed" in shown


def test_a_patients_changed_data_is_logged_without_values(
    clinic: Clinic, desk: ClinicClient, patient: Patient
) -> None:
    ClinicSettings.objects.update(desk_sees_clinical=True)
    page = f"clinics/patient/{patient.pk}/change/"
    submit_form(desk, page, get_form(desk, page) | {"allergies": "Canary nuts"})
    by_staff = last_changes()
    client = ClinicClient(clinic)
    tokens = client.post("/api/auth/login/", {"email": user_of(patient).email, "password": PASSWORD}).json()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['data']['access']}")
    client.patch("/api/auth/profile/", {"phone": "020 7946 0000"})

    assert by_staff == {"allergies": None}
    assert last_changes() == {"phone": None}
    stored = str(list(AuditEntry.objects.values_list()))
    assert [text for text in ("Canary", "7946 0000") if text in stored] == []


def test_changed_hours_are_logged_with_old_and_new_hours(
    desk: ClinicClient, doctor: Doctor, admin: User, now: datetime
) -> None:
    make_hours(doctor, (0, "09:00", "12:00"), now=now)
    week = [Hours(0, 10 * 60, 12 * 60, 30)]

    set_working_hours(doctor=doctor, week=week, by=admin, now=now)
    weekly = last_changes()
    set_exception(doctor=doctor, day=now.date() + timedelta(days=9), intervals=[], by=admin, now=now)

    assert weekly == {
        "workinghours": [["Monday, 9:00 am to 12:00 pm, 30 min"], ["Monday, 10:00 am to 12:00 pm, 30 min"]]
    }
    assert last_changes() == {"intervals": [None, []]}


def test_hours_that_are_changed_in_the_admin_are_logged_with_old_and_new_hours(
    desk: ClinicClient, doctor: Doctor, now: datetime
) -> None:
    make_hours(doctor, (0, "09:00", "12:00"), now=now)
    page = f"clinics/doctor/{doctor.pk}/change/"
    form = get_form(desk, page) | {"working_hours-TOTAL_FORMS": "1"}

    submit_form(desk, page, form | {"working_hours-0-opens": "10:00"})

    old, new = last_changes()["workinghours"]
    assert (len(old), len(new)) == (1, 1)
    assert ("Monday, 09:00, 12:00" in old[0], "Monday, 10:00, 12:00" in new[0]) == (True, True)


def test_the_log_is_searched_for_a_patient_and_for_a_person(
    desk: ClinicClient, booking: Booking, patient: Patient, admin: User
) -> None:
    other = make_receptionist(first_name="Robin", last_name="Desk")
    write_audit_entries(what=AuditAction.READ, by=other, about=[patient])

    def found(query: str) -> list[str]:
        rows = desk.get(f"/admin/{LOG}?what=read&{query}").context["cl"].result_list
        return sorted(row.record_id for row in rows)

    of_pat = sorted([str(booking.pk), str(booking.patient_id)])
    assert found("patient=smith+pat") == of_pat
    assert found("patient=pat.smith%40people.example") == of_pat
    assert found(f"patient={booking.patient_id}") == of_pat
    assert found("patient=nobody") == []
    assert found("by=robin+desk") == [str(patient.pk)]
    assert found("by=nobody&patient=smith") == []
    assert 'type="search" name="patient"' in get_page(desk, LOG)


def test_the_log_is_exported_to_csv_with_the_filters_of_the_list(
    desk: ClinicClient, booking: Booking, patient: Patient, admin: User
) -> None:
    write_audit_entries(what=AuditAction.READ, by=admin, about=[patient])

    rows = export(desk, "?patient=smith")

    assert [row["Record"] for row in rows] == [
        "Pat Smith",
        f"Booking of Pat Smith, {format_staff_time(booking.starts_at)}",
    ]
    assert {row["By"] for row in rows} == {admin.get_full_name()}


def test_an_export_of_the_log_is_logged(desk: ClinicClient, admin: User) -> None:
    export(desk)

    entry = AuditEntry.objects.latest("id")
    assert (entry.what, entry.kind, entry.by) == ("exported", "accounts.auditentry", admin)


def test_an_export_is_streamed_in_chunks_with_a_few_queries_each(
    desk: ClinicClient, admin: User, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenants.accounts.audit.csv_export._CHUNK", 50)
    for _number in range(3):
        write_audit_entries(what=AuditAction.READ, by=admin, about=[admin] * 50)

    response: Any = desk.get(f"/admin/{LOG}export/")

    with django_assert_max_num_queries(16):
        chunks = list(response.streaming_content)
    assert (response.streaming, len(chunks), b"".join(chunks).count(b"viewed")) == (True, 4, 150)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_formula_characters_are_escaped_in_the_export(desk: ClinicClient, text: str, admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(first_name=text, last_name="")
    write_audit_entries(what=AuditAction.READ, by=admin, about=[admin])

    assert escape_formula(text) == f"'{text}"
    assert export(desk)[0]["By"].startswith("'")


def test_a_receptionist_cannot_read_or_export_the_log(clinic: Clinic) -> None:
    client = ClinicClient(clinic)
    client.force_login(make_receptionist())

    assert [client.get(f"/admin/{LOG}{page}").status_code for page in ("", "export/")] == [403, 403]
