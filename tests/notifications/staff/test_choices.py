"""Staff choose their notices in the API and the admin."""

from collections.abc import Callable

from clinics.models import Doctor
from notifications.models import StaffNotices
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_receptionist

URL = "/api/users/me/staff-notices/"
ClientFor = Callable[..., ClinicClient]


def test_a_doctor_reads_the_defaults_and_changes_them(
    client_for: ClientFor, clinic: Clinic, doctor: Doctor
) -> None:
    client = client_for(clinic, doctor.user)
    default = data_of(client.get(URL))

    changed = data_of(client.patch(URL, {"booked": "each", "day_schedule": True, "day_hour": 6}))

    assert default == {
        "booked": "digest",
        "cancelled": "digest",
        "rescheduled": "digest",
        "offer_taken": "digest",
        "attendance": "digest",
        "not_delivered": "off",
        "digest_hour": 16,
        "day_schedule": False,
        "day_hour": 7,
    }
    assert changed == default | {"booked": "each", "day_schedule": True, "day_hour": 6}
    assert data_of(client.get(URL)) == changed


def test_bad_choices_are_refused_and_change_nothing(
    client_for: ClientFor, clinic: Clinic, doctor: Doctor
) -> None:
    client = client_for(clinic, doctor.user)

    for bad in ({"booked": "often"}, {"day_hour": 3}, {"day_hour": 23}, {"user": 1}, [1]):
        assert client.patch(URL, bad).status_code == 400
    assert not StaffNotices.objects.exists()


def test_a_receptionist_changes_only_their_own_notices_in_the_admin(clinic: Clinic) -> None:
    desk, client = make_receptionist(), ClinicClient(clinic)
    client.force_login(desk)
    form = dict.fromkeys(("booked", "cancelled", "rescheduled", "offer_taken", "attendance"), "off")

    page = client.post(
        "/admin/notifications/staffnotices/own/",
        form | {"not_delivered": "each", "digest_hour": "12"},
        format="multipart",
        follow=True,
    )

    assert "Your notices were changed." in page.content.decode()
    chosen = StaffNotices.objects.get()
    assert (chosen.user, chosen.not_delivered, chosen.digest_hour) == (desk, "each", 12)
    assert client.get("/admin/notifications/staffnotices/").status_code == 403


def test_an_admin_changes_the_notices_of_others(clinic: Clinic, admin: User, doctor: Doctor) -> None:
    client = ClinicClient(clinic)
    client.force_login(admin)
    modes = dict.fromkeys(
        ("booked", "cancelled", "rescheduled", "offer_taken", "attendance", "not_delivered"), "off"
    )

    client.post(
        "/admin/notifications/staffnotices/add/",
        modes | {"user": str(doctor.user_id), "digest_hour": "12", "day_hour": "7"},
        format="multipart",
    )

    assert StaffNotices.objects.get().user == doctor.user
