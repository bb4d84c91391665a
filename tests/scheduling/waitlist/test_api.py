"""The endpoint `appointments/waitlist/`: what patients and the front desk see, and responses to offers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from clinics.models import Doctor, Patient
from scheduling.models import Booking, IntakeQuestion, Slot, VisitType, WaitlistEntry, WaitlistOffer
from tenants.accounts.models import User
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_dependant, make_doctor, make_patient, make_receptionist
from tests.factories.queries import queries_of
from tests.factories.schedule import make_slot
from tests.factories.waitlist import entry_state, make_entry, make_offer_to

AsUser = Callable[..., ClinicClient]
WAITLIST = "/api/appointments/waitlist/"
DAYS = {"from": "2026-03-02", "to": "2026-03-31"}


@pytest.fixture
def slot(doctor: Doctor, now: datetime) -> Slot:
    """Wednesday 4 March 2026, noon in London, in two days."""
    return make_slot(doctor, now + timedelta(days=2))


@pytest.fixture
def offer(patient: Patient, slot: Slot, now: datetime) -> WaitlistOffer:
    """The slot, offered to the patient for two hours."""
    entry = make_entry(patient, slot.doctor, now=now)
    return make_offer_to(entry, slot, ends_at=now + timedelta(hours=2), now=now)


def listed(client: ClinicClient) -> list[dict[str, Any]]:
    """Return the entries that a client lists."""
    results: list[dict[str, Any]] = data_of(client.get(WAITLIST))["results"]
    return results


def test_a_patient_joins_and_sees_position_and_rule(
    doctor: Doctor, patient: Patient, as_user: AsUser
) -> None:
    response = as_user(patient.user).post(WAITLIST, {"doctor": str(doctor.pk), **DAYS, "weekdays": [4, 0]})

    entry = data_of(response)
    assert response.status_code == 201
    assert (entry["status"], entry["from"], entry["to"]) == ("waiting", *DAYS.values())
    assert (entry["weekdays"], entry["time_zone"]) == ([0, 4], "Europe/London")
    assert (entry["doctor"]["id"], entry["specialty"], entry["visit_type"]) == (str(doctor.pk), None, None)
    assert (entry["position"], entry["waiting"], entry["offer"]) == (1, 1, None)
    assert entry["rule"].startswith("We offer each available appointment to one patient at a time.")
    assert listed(as_user(patient.user)) == [entry]


@pytest.mark.parametrize("by", ["code", "pk"])
def test_a_specialty_can_be_given_by_code_or_id(
    doctor: Doctor, patient: Patient, as_user: AsUser, by: str
) -> None:
    specialty = doctor.specialties.get()

    response = as_user(patient.user).post(WAITLIST, {"specialty": str(getattr(specialty, by)), **DAYS})

    assert data_of(response)["specialty"]["code"] == "general-medicine"


def test_a_patient_can_join_for_dependants_and_nobody_else(
    doctor: Doctor, patient: Patient, as_user: AsUser
) -> None:
    child, client = make_dependant(patient), as_user(patient.user)
    body = {"doctor": str(doctor.pk), **DAYS}

    for_dependant = client.post(WAITLIST, {**body, "patient": str(child.pk)})
    for_stranger = client.post(WAITLIST, {**body, "patient": str(make_patient().pk)})

    assert data_of(for_dependant)["patient"]["id"] == str(child.pk)
    assert (for_stranger.status_code, list(for_stranger.json()["errors"])) == (400, ["patient"])


@pytest.mark.parametrize(
    ("body", "status", "error_fields"),
    [
        ({}, 400, ["from", "to"]),
        (DAYS, 400, ["doctor"]),
        ({**DAYS, "doctor": str(uuid4())}, 400, ["doctor"]),
        ({**DAYS, "specialty": "none"}, 400, ["specialty"]),
        ({**DAYS, "specialty": "audiology", "visit_type": str(uuid4())}, 400, ["visit_type"]),
        ({**DAYS, "specialty": "audiology", "to": "2026-03-01"}, 400, ["to"]),
        ({**DAYS, "specialty": "audiology", "from": "2026-03-01"}, 400, ["from"]),
        ({**DAYS, "specialty": "audiology", "weekdays": []}, 400, ["weekdays"]),
        ({**DAYS, "specialty": "audiology", "weekdays": [7]}, 400, ["weekdays.0"]),
    ],
)
def test_invalid_input_is_refused_by_field(
    patient: Patient, as_user: AsUser, body: dict[str, Any], status: int, error_fields: list[str]
) -> None:
    response = as_user(patient.user).post(WAITLIST, body)

    assert (response.status_code, sorted(response.json()["errors"])) == (status, error_fields)


def test_without_a_visit_type_the_entry_has_the_clinics_default(
    doctor: Doctor, patient: Patient, as_user: AsUser
) -> None:
    VisitType.objects.create(name="Check-up")

    joined = as_user(patient.user).post(WAITLIST, {"doctor": str(doctor.pk), **DAYS})

    assert data_of(joined)["visit_type"]["name"] == "Check-up"


def test_joining_twice_or_too_often_is_refused(doctor: Doctor, patient: Patient, as_user: AsUser) -> None:
    client = as_user(patient.user)

    responses = [
        client.post(WAITLIST, {"doctor": str(doctor.pk), **DAYS, "to": f"2026-03-{day}"})
        for day in (10, 10, *range(11, 21))
    ]

    refused = [(each.status_code, each.json()["code"]) for each in responses if each.status_code != 201]
    assert (
        refused == [(409, "already_waiting"), (422, "limit_reached"), (422, "limit_reached")][: len(refused)]
    )
    assert len(refused) == 2


def test_an_offer_is_shown_with_local_times(
    offer: WaitlistOffer, patient: Patient, doctor: Doctor, as_user: AsUser
) -> None:
    (entry,) = listed(as_user(patient.user))

    shown = entry["offer"]
    assert (entry["status"], shown["id"], shown["ends_at"]) == (
        "offered",
        str(offer.pk),
        "2026-03-02T14:00:00Z",
    )
    assert (shown["ends_at_local"], shown["tz_label"]) == (
        {"local_date": "2026-03-02", "local_time": "14:00"},
        "London time",
    )
    time = shown["time"]
    assert (time["starts_at"], time["local_date"], time["local_time"]) == (
        "2026-03-04T12:00:00Z",
        "2026-03-04",
        "12:00",
    )
    assert (time["doctor"]["id"], time["slot"]) == (str(doctor.pk), str(offer.booking.slot_id))


def test_an_offer_that_has_ended_is_not_shown(
    offer: WaitlistOffer, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    WaitlistOffer.objects.update(ends_at=now)

    assert [entry["offer"] for entry in listed(as_user(patient.user))] == [None]


def test_an_offer_is_accepted_with_reason_and_answers(
    patient: Patient, slot: Slot, as_user: AsUser, now: datetime
) -> None:
    visit = VisitType.objects.create(name="Check-up")
    question = IntakeQuestion.objects.create(visit_type=visit, text="Since when?", is_required=True)
    entry = make_entry(patient, slot.doctor, now=now, visit_type=visit)
    offer = make_offer_to(entry, slot, ends_at=now + timedelta(hours=2), now=now)
    path, client = f"{WAITLIST}offers/{offer.pk}/accept/", as_user(patient.user)

    without_answers = client.post(path, {"reason": "Cough"})
    body = {"reason": "Cough", "answers": {str(question.pk): "Monday"}}
    accepted, repeated = (client.post(path, body) for _ in range(2))

    booking = data_of(accepted)
    assert (without_answers.status_code, accepted.status_code) == (400, 200)
    assert (booking["status"], booking["reason"]) == ("CONFIRMED", "Cough")
    assert [each["answer"] for each in booking["answers"]] == ["Monday"]
    assert listed(client) == []
    assert (repeated.status_code, repeated.json()["code"]) == (409, "offer_ended")


def test_an_offer_is_declined_once(offer: WaitlistOffer, patient: Patient, as_user: AsUser) -> None:
    path, client = f"{WAITLIST}offers/{offer.pk}/decline/", as_user(patient.user)

    responses = [client.post(path) for _ in range(2)]

    assert [response.status_code for response in responses] == [200, 409]
    assert [(entry["status"], entry["offers_missed"]) for entry in listed(client)] == [("waiting", 0)]


def test_an_expired_offer_cannot_be_accepted(
    offer: WaitlistOffer, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    Booking.objects.update(held_until=now)

    response = as_user(patient.user).post(f"{WAITLIST}offers/{offer.pk}/accept/")

    assert (response.status_code, response.json()["code"]) == (409, "offer_ended")


def test_a_patient_can_leave_once(offer: WaitlistOffer, patient: Patient, as_user: AsUser) -> None:
    path, client = f"{WAITLIST}{offer.entry_id}/", as_user(patient.user)

    responses = [client.delete(path) for _ in range(2)]

    assert [response.status_code for response in responses] == [200, 404]
    assert (listed(client), entry_state(offer.entry)) == ([], ("ended", 0))
    assert Slot.objects.untaken(now=offer.created_at).count() == 1


def test_a_carer_can_accept_for_a_dependant(
    patient: Patient, slot: Slot, as_user: AsUser, now: datetime
) -> None:
    child = make_dependant(patient)
    entry = make_entry(patient, slot.doctor, now=now)
    WaitlistEntry.objects.update(patient=child)
    entry.refresh_from_db()
    offer = make_offer_to(entry, slot, ends_at=now + timedelta(hours=2), now=now)

    booking = data_of(as_user(patient.user).post(f"{WAITLIST}offers/{offer.pk}/accept/"))

    assert booking["patient"]["id"] == str(child.pk)


def test_entries_of_others_give_404_and_attempts_are_audited(offer: WaitlistOffer, as_user: AsUser) -> None:
    other = make_patient()
    client = as_user(other.user)

    responses = [
        client.delete(f"{WAITLIST}{offer.entry_id}/"),
        client.post(f"{WAITLIST}offers/{offer.pk}/accept/"),
        client.post(f"{WAITLIST}offers/{offer.pk}/decline/"),
    ]

    assert [response.status_code for response in responses] == [404] * 3
    assert listed(client) == []
    assert audit_entries() == [
        ("refused", "scheduling.waitlistentry", str(offer.entry_id)),
        *[("refused", "scheduling.waitlistoffer", str(offer.pk))] * 2,
    ]


def test_the_front_desk_sees_all_entries_and_reading_is_audited(
    doctor: Doctor, admin: User, as_user: AsUser, now: datetime
) -> None:
    first, second = (make_entry(make_patient(), doctor, now=now + timedelta(minutes=n)) for n in range(2))

    listed_by_user = [
        [(each["id"], each["position"]) for each in listed(as_user(user))]
        for user in (admin, make_receptionist())
    ]

    assert listed_by_user == [[(str(first.pk), 1), (str(second.pk), 2)]] * 2
    assert (
        audit_entries()
        == [("listed", "clinics.patient", str(each.patient_id)) for each in (first, second)] * 2
    )


def test_the_list_is_paged(doctor: Doctor, admin: User, as_user: AsUser, now: datetime) -> None:
    for _ in range(3):
        make_entry(make_patient(), doctor, now=now)

    page = data_of(as_user(admin).get(WAITLIST, {"page_size": 2, "page": 2}))

    assert (page["count"], len(page["results"])) == (3, 1)


def test_the_list_has_a_constant_number_of_queries(patient: Patient, as_user: AsUser, now: datetime) -> None:
    client, counts = as_user(patient.user), []
    client.get("/api/clinic/")
    for count in (1, 2):
        for number in range(count):
            doctor = make_doctor()
            slot = make_slot(doctor, now + timedelta(days=1, hours=3 * count + number))
            entry = make_entry(patient, doctor, now=now, visit_type=None)
            make_offer_to(entry, slot, ends_at=now + timedelta(hours=2), now=now)
        counts.append(len(queries_of(lambda: client.get(WAITLIST))))

    assert counts[0] == counts[1]


# In the admin


def test_the_admin_ends_an_entry_and_keeps_it(
    clinic: Any, offer: WaitlistOffer, admin: User, at_now: datetime
) -> None:
    desk, entry = ClinicClient(clinic), offer.entry
    desk.force_login(admin)
    path = f"/admin/scheduling/waitlistentry/{entry.pk}/"

    opened = desk.get(f"{path}change/")
    response = desk.post(f"{path}delete/", {"post": "yes"}, format="multipart")

    rows = [("scheduling.waitlistentry", str(entry.pk)), ("clinics.patient", str(entry.patient_id))]
    assert (opened.status_code, response.status_code, entry_state(entry)) == (200, 302, ("ended", 0))
    assert "every day" in opened.content.decode()
    assert audit_entries()[:4] == [(action, *each) for action in ("read", "removed") for each in rows]
    assert WaitlistOffer.objects.get().outcome == "declined"


def test_the_admin_ends_all_selected_entries_or_none(
    clinic: Any, doctor: Doctor, *, admin: User, at_now: datetime
) -> None:
    waiting_entry, ended_entry = (make_entry(make_patient(), doctor, now=at_now) for _ in range(2))
    WaitlistEntry.objects.filter(pk=ended_entry.pk).update(status="ended")
    desk = ClinicClient(clinic)
    desk.force_login(admin)

    def remove(*keys: Any) -> None:
        form = {"action": "delete_selected", "_selected_action": list(map(str, keys)), "post": "yes"}
        desk.post("/admin/scheduling/waitlistentry/", form, format="multipart")

    remove(waiting_entry.pk, ended_entry.pk)
    state_after_both = entry_state(waiting_entry)
    remove(waiting_entry.pk)

    assert (state_after_both, entry_state(waiting_entry)) == (("waiting", 0), ("ended", 0))
