"""Staff invitations: a link in an email lets the invited person choose a password and join."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.errors import DoctorHasAccount
from clinics.models import ClinicSettings, Doctor
from clinics.services.profiles import add_doctor
from clinics.services.staff import accept_staff_invitation, invite_staff
from tenants.accounts.errors import AlreadyInvited, EmailTaken, InvitationInvalid
from tenants.accounts.invitations.services import invitation_token, resend_invitation, withdraw_invitation
from tenants.accounts.models import Invitation, User
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_doctor
from tests.factories.queue import queued_jobs
from tests.factories.second_factor import give_authenticator
from tests.factories.threads import run_concurrently

WEEK = timedelta(days=7)
NEW: dict[str, Any] = {"email": "New@Staff.example", "first_name": "Noa", "last_name": "New"}
Invite = Callable[..., Invitation]


@pytest.fixture
def invite(admin: User) -> Invite:
    """Return a function that invites a person."""

    def make(role: str = User.Role.RECEPTIONIST, *, now: datetime | None = None, **fields: Any) -> Invitation:
        return invite_staff(**{**NEW, **fields}, role=role, by=admin, now=now or clock_now())

    return make


@pytest.fixture
def desk(clinic: Clinic, admin: User) -> ClinicClient:
    """A browser signed in to the clinic's admin."""
    client = ClinicClient(clinic)
    client.force_login(admin)
    client.default_format = "multipart"
    return client


def accept(clinic: Clinic, token: str, password: str = PASSWORD) -> Any:
    """Accept an invitation and return the response."""
    return ClinicClient(clinic).post("/api/auth/invitations/accept/", {"token": token, "password": password})


@pytest.mark.parametrize("role", [User.Role.RECEPTIONIST, User.Role.ADMIN, User.Role.DOCTOR])
def test_a_link_creates_an_account_with_the_role_and_signs_in(
    clinic: Clinic, invite: Invite, role: str
) -> None:
    token = invitation_token(invite(role))

    shown = data_of(ClinicClient(clinic).post("/api/auth/invitations/show/", {"token": token}))
    joined = accept(clinic, token)

    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {data_of(joined)['access']}")
    profile = data_of(client.get("/api/auth/profile/"))
    assert shown == {"email": "new@staff.example", "first_name": "Noa", "last_name": "New", "role": role}
    assert (joined.status_code, profile["email"], profile["role"]) == (201, "new@staff.example", role)


def test_before_it_is_accepted_there_is_no_account(invite: Invite) -> None:
    invitation = invite()

    assert not User.objects.filter(email=invitation.email).exists()
    assert invitation.user is None


def test_a_link_works_once(clinic: Clinic, invite: Invite) -> None:
    token = invitation_token(invite())

    answers = [accept(clinic, token) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json()["code"] == "invitation_over"


@pytest.mark.parametrize(("seconds_late", "works"), [(-1, True), (0, False), (1, False)])
def test_a_link_works_for_seven_days(invite: Invite, now: datetime, seconds_late: int, works: bool) -> None:
    token = invitation_token(invite(now=now))
    then = now + WEEK + timedelta(seconds=seconds_late)

    if works:
        assert accept_staff_invitation(token=token, password=PASSWORD, now=then).email == "new@staff.example"
        return
    with pytest.raises(InvitationInvalid):
        accept_staff_invitation(token=token, password=PASSWORD, now=then)


@pytest.mark.parametrize("path", ["show", "accept"])
@pytest.mark.parametrize("token", ["none", "é.x", "a" * 32, f"{'0' * 32}.x"])
def test_an_invalid_link_gets_the_response_for_an_expired_one(clinic: Clinic, path: str, token: str) -> None:
    answer = ClinicClient(clinic).post(
        f"/api/auth/invitations/{path}/", {"token": token, "password": PASSWORD}
    )

    assert (answer.status_code, answer.json()["code"], answer.json()["data"]) == (
        409,
        "invitation_over",
        None,
    )


def test_a_link_of_another_clinic_is_refused(clinic: Clinic, other_clinic: Clinic, invite: Invite) -> None:
    assert accept(other_clinic, invitation_token(invite())).status_code == 409


def test_an_invitation_link_cannot_reset_a_password(clinic: Clinic, invite: Invite) -> None:
    token = invitation_token(invite())

    answer = ClinicClient(clinic).post(
        "/api/auth/password/reset/confirm/", {"token": token, "password": PASSWORD}
    )

    assert answer.status_code == 409


def test_a_weak_password_is_refused_and_the_link_stays_valid(clinic: Clinic, invite: Invite) -> None:
    token = invitation_token(invite())

    weak = accept(clinic, token, "password123")
    strong = accept(clinic, token)

    assert (weak.status_code, list(weak.json()["errors"]), strong.status_code) == (400, ["password"], 201)


def test_if_two_step_sign_in_is_required_it_is_set_up_before_a_session_starts(
    clinic: Clinic, invite: Invite
) -> None:
    ClinicSettings.objects.update(second_factor_for_desk=True)

    answer = accept(clinic, invitation_token(invite()))

    body = answer.json()
    set_up = ClinicClient(clinic).post(
        "/api/auth/second-factor/set-up/", {"challenge": body["data"]["challenge"]}
    )
    assert (answer.status_code, body["code"], body["data"]["is_set_up"]) == (
        401,
        "second_factor_required",
        False,
    )
    assert set_up.status_code == 200


def test_an_address_with_an_account_cannot_be_invited(invite: Invite, admin: User) -> None:
    with pytest.raises(EmailTaken):
        invite(email=admin.email.upper())


def test_an_address_can_have_one_open_invitation(invite: Invite, admin: User) -> None:
    first = invite()
    with pytest.raises(AlreadyInvited):
        invite()

    withdraw_invitation(invitation=first, by=admin, now=clock_now())

    assert invite().pk != first.pk


def test_a_withdrawn_link_is_refused(clinic: Clinic, invite: Invite, admin: User) -> None:
    invitation = invite()

    withdraw_invitation(invitation=invitation, by=admin, now=clock_now())

    assert accept(clinic, invitation_token(invitation)).status_code == 409
    with pytest.raises(InvitationInvalid):
        resend_invitation(invitation=invitation, by=admin, now=clock_now())


def test_an_invitation_sent_again_works_for_another_seven_days(
    invite: Invite, admin: User, now: datetime
) -> None:
    invitation = invite(now=now)
    after_expiry = now + WEEK + timedelta(days=1)

    resend_invitation(invitation=invitation, by=admin, now=after_expiry)

    user = accept_staff_invitation(
        token=invitation_token(invitation), password=PASSWORD, now=after_expiry + timedelta(days=6)
    )
    assert user.email == "new@staff.example"
    assert len(queued_jobs(kind="invitation", row_id=invitation.pk)) == 2


def test_an_invited_doctor_gets_the_chosen_calendar(clinic: Clinic, invite: Invite) -> None:
    calendar = add_doctor(name="New", title="Dr")

    user = accept_staff_invitation(
        token=invitation_token(invite(User.Role.DOCTOR, doctor=calendar)), password=PASSWORD, now=clock_now()
    )

    assert Doctor.objects.get(pk=calendar.pk).user == user


def test_a_doctor_invited_without_a_calendar_gets_a_new_inactive_one(invite: Invite) -> None:
    user = accept_staff_invitation(
        token=invitation_token(invite(User.Role.DOCTOR)), password=PASSWORD, now=clock_now()
    )

    doctor = Doctor.objects.get(user=user)
    assert (doctor.name, doctor.is_active) == ("Noa New", False)


def test_a_calendar_that_has_an_account_cannot_be_chosen(invite: Invite) -> None:
    with pytest.raises(DoctorHasAccount):
        invite(User.Role.DOCTOR, doctor=make_doctor())

    assert Invitation.objects.count() == 0


def test_an_invitation_accepted_many_times_at_once_creates_one_account(committed_clinic: Clinic) -> None:
    by = User.objects.get()
    invitation = invite_staff(**NEW, role=User.Role.RECEPTIONIST, by=by, now=clock_now())
    token = invitation_token(invitation)

    def join() -> User:
        return accept_staff_invitation(token=token, password=PASSWORD, now=clock_now())

    outcomes = run_concurrently(committed_clinic, *[join] * 8)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InvitationInvalid"] * 7 + ["User"]


def test_every_step_of_an_invitation_is_audited(invite: Invite, admin: User) -> None:
    invitation, other = invite(), invite(email="other@staff.example")
    resend_invitation(invitation=invitation, by=admin, now=clock_now())
    withdraw_invitation(invitation=other, by=admin, now=clock_now())

    user = accept_staff_invitation(token=invitation_token(invitation), password=PASSWORD, now=clock_now())

    kind = "accounts.invitation"
    assert audit_entries() == [
        ("invited", kind, str(invitation.pk)),
        ("invited", kind, str(other.pk)),
        ("invited", kind, str(invitation.pk)),
        ("withdrawn", kind, str(other.pk)),
        ("joined", kind, str(invitation.pk)),
        ("joined", "accounts.user", str(user.pk)),
        ("address_confirmed", "accounts.user", str(user.pk)),
    ]


def test_an_admin_can_invite_and_list_open_invitations(desk: ClinicClient, admin: User) -> None:
    calendar = add_doctor(name="New", title="Dr")
    form = {**NEW, "role": "doctor", "doctor": str(calendar.pk)}

    answer = desk.post("/admin/accounts/invitation/add/", form, follow=True)

    invitation = Invitation.objects.get()
    page = desk.get("/admin/accounts/invitation/?state=open").content.decode()
    assert answer.status_code == 200
    assert (invitation.email, invitation.invited_by) == ("new@staff.example", admin)
    assert Doctor.objects.get(pk=calendar.pk).invitation == invitation
    assert "new@staff.example" in page
    assert "being sent" in page
    assert "new@staff.example" not in desk.get("/admin/accounts/invitation/?state=accepted").content.decode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"email": "admin@riverside.example"},
            "There is already an account with this email address. Use another address.",
        ),
        ({"role": "patient"}, "Select a valid choice."),
        ({"role": "operator"}, "Select a valid choice."),
        ({"email": "old@staff.example"}, "This email address already has an invitation."),
    ],
)
def test_an_invalid_invitation_is_refused_on_the_page(
    desk: ClinicClient, invite: Invite, change: dict[str, str], message: str
) -> None:
    invite(email="old@staff.example")

    page = desk.post(
        "/admin/accounts/invitation/add/", {**NEW, "role": "admin", **change}, follow=True
    ).content.decode()

    assert message in page
    assert Invitation.objects.count() == 1


def test_only_an_invitation_of_a_doctor_can_have_a_calendar(desk: ClinicClient) -> None:
    calendar = add_doctor(name="New", title="Dr")
    form = {**NEW, "role": "receptionist", "doctor": str(calendar.pk)}

    page = desk.post("/admin/accounts/invitation/add/", form).content.decode()

    assert "Choose an existing doctor only if the role is “doctor”." in page


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("send_selected_again", "1 invitation will be sent again."),
        ("withdraw_selected", "1 invitation withdrawn."),
    ],
)
def test_invitations_can_be_sent_again_and_withdrawn_in_the_list(
    desk: ClinicClient, invite: Invite, action: str, message: str
) -> None:
    chosen = {"action": action, "_selected_action": [str(invite().pk)]}

    first_page = desk.post("/admin/accounts/invitation/", chosen, follow=True).content.decode()
    Invitation.objects.update(withdrawn_at=clock_now())
    second_page = desk.post("/admin/accounts/invitation/", chosen, follow=True).content.decode()

    assert message in first_page
    assert "This invitation no longer works." in second_page


def test_users_can_be_added_by_invitation_only(desk: ClinicClient) -> None:
    page = desk.get("/admin/accounts/user/").content.decode()

    assert "/admin/accounts/invitation/add/" in page
    assert desk.get("/admin/accounts/user/add/").status_code == 403


def test_an_admin_can_reset_two_step_sign_in_and_email_a_reset_link(
    desk: ClinicClient, doctor: Doctor
) -> None:
    assert doctor.user is not None
    give_authenticator(doctor.user)
    chosen = {"_selected_action": [str(doctor.user.pk)]}

    desk.post("/admin/accounts/user/", {**chosen, "action": "reset_second_factor"})
    again = desk.post("/admin/accounts/user/", {**chosen, "action": "reset_second_factor"}, follow=True)
    desk.post("/admin/accounts/user/", {**chosen, "action": "mail_new_password"})

    assert ("second_factor_reset", "accounts.user", str(doctor.user.pk)) in audit_entries()
    assert "Two-step sign-in is not set up. Set it up first." in again.content.decode()
    assert len(queued_jobs(kind="password_reset")) == 1
