"""Two-step sign-in in the API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from clinics.models import ClinicSettings, Doctor, Patient
from tenants.accounts.errors import SecondFactorOff
from tenants.accounts.models import AttemptCounter, User
from tenants.accounts.models.authenticator import Authenticator, RecoveryCodes
from tenants.accounts.second_factor.enrolment import begin_enrolment, confirm_enrolment, reset_second_factor
from tenants.base.clock import now as clock_now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_admin, make_receptionist, user_of
from tests.factories.second_factor import code_of, give_authenticator, wrong_code

ClientFor = Callable[..., ClinicClient]
ADDRESS = "192.0.2.1"
CODE_IS_WRONG = "This code is wrong. Enter a new one."


@pytest.fixture
def user(doctor: Doctor) -> User:
    """Return a doctor's account."""
    assert doctor.user is not None
    return doctor.user


@pytest.fixture
def stopped_clock() -> Any:
    """Stop the clock, a second after the codes have changed."""
    start = clock_now().timestamp() // 30 * 30 + 1
    with time_machine.travel(start, tick=False) as clock:
        yield clock


def sign_in(clinic: Clinic, user: User) -> Any:
    """Send email address and password and return the response."""
    return ClinicClient(clinic).post("/api/auth/login/", {"email": user.email, "password": PASSWORD})


def send_code(clinic: Clinic, challenge: str, code: str) -> Any:
    """Send a code and return the response."""
    return ClinicClient(clinic).post("/api/auth/login/second-factor/", {"challenge": challenge, "code": code})


def challenge_of(clinic: Clinic, user: User) -> str:
    """Return the challenge of a sign-in with the right password."""
    answer = sign_in(clinic, user)
    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_required")
    challenge: str = answer.json()["data"]["challenge"]
    return challenge


def require(**settings: bool) -> None:
    """Make the clinic require two-step sign-in."""
    ClinicSettings.objects.update(**settings)


def recovery_codes(user: User) -> list[str]:
    """Create new recovery codes."""
    codes: list[str] = RecoveryCodes.objects.create(user=user, name="recovery codes").replace()
    return codes


def test_password_and_code_start_a_session(clinic: Clinic, user: User, stopped_clock: Any) -> None:
    device = give_authenticator(user)

    refused = sign_in(clinic, user)
    session = data_of(send_code(clinic, refused.json()["data"]["challenge"], code_of(device)))

    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    assert (refused.status_code, refused.json()["code"]) == (401, "second_factor_required")
    assert refused.json()["data"]["is_set_up"] is True
    assert data_of(client.get("/api/auth/profile/"))["id"] == str(user.pk)


def test_a_right_password_alone_is_not_logged_as_a_sign_in(
    clinic: Clinic, user: User, stopped_clock: Any
) -> None:
    device = give_authenticator(user)

    challenge = challenge_of(clinic, user)
    before = (audit_entries(kind="accounts.user"), User.objects.get(pk=user.pk).last_login)
    send_code(clinic, challenge, code_of(device))

    assert before == ([], None)
    assert audit_entries(kind="accounts.user") == [("signed_in", "accounts.user", str(user.pk))]


def test_a_wrong_password_does_not_reveal_the_second_step(clinic: Clinic, user: User) -> None:
    give_authenticator(user)

    answer = ClinicClient(clinic).post("/api/auth/login/", {"email": user.email, "password": "wrong horse"})

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")
    assert answer.json()["data"] is None


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_that_is_a_minute_off_is_wrong(
    clinic: Clinic, user: User, stopped_clock: Any, steps: int
) -> None:
    device = give_authenticator(user)

    answer = send_code(clinic, challenge_of(clinic, user), code_of(device, steps=steps))

    assert (answer.status_code, answer.json()["errors"]) == (400, {"code": [CODE_IS_WRONG]})


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_that_is_half_a_minute_off_is_accepted(
    clinic: Clinic, user: User, stopped_clock: Any, steps: int
) -> None:
    device = give_authenticator(user)

    answer = send_code(clinic, challenge_of(clinic, user), code_of(device, steps=steps))

    assert answer.status_code == 200


def test_a_code_works_once(clinic: Clinic, user: User, stopped_clock: Any) -> None:
    code = code_of(give_authenticator(user))

    answers = [send_code(clinic, challenge_of(clinic, user), code).status_code for _ in range(2)]

    assert answers == [200, 400]


def test_a_recovery_code_works_once_in_any_spelling(clinic: Clinic, user: User, stopped_clock: Any) -> None:
    give_authenticator(user)
    code = recovery_codes(user)[3].replace("-", " ").upper()

    answers = [send_code(clinic, challenge_of(clinic, user), code).status_code for _ in range(2)]

    assert answers == [200, 400]
    assert ("recovery_code_used", "accounts.user", str(user.pk)) in audit_entries()


def test_neither_key_nor_recovery_codes_are_stored_in_plain_text(user: User) -> None:
    device, codes = give_authenticator(user), recovery_codes(user)

    stored = RecoveryCodes.objects.get(user=user).token_set.values_list("token", flat=True)
    assert device.bin_key.hex() != Authenticator.objects.get(pk=device.pk).key
    assert {code.replace("-", "") for code in codes} & set(stored) == set()


def test_the_stored_key_is_useless_with_another_secret_key(user: User, settings: Any) -> None:
    device = give_authenticator(user)
    before = device.bin_key

    settings.SECRET_KEY = "another installation's"

    assert device.bin_key != before


def test_a_challenge_of_another_clinic_is_refused(
    clinic: Clinic, other_clinic: Clinic, user: User, stopped_clock: Any
) -> None:
    device = give_authenticator(user)
    challenge = challenge_of(clinic, user)

    answer = send_code(other_clinic, challenge, code_of(device))

    assert (answer.status_code, answer.json()["code"]) == (401, "challenge_over")


def app_of(user: User) -> Authenticator:
    """Return the user's app."""
    found: Authenticator = Authenticator.objects.get(user=user)
    return found


def test_a_challenge_expires_after_ten_minutes(clinic: Clinic, user: User, stopped_clock: Any) -> None:
    device = give_authenticator(user)
    challenge = challenge_of(clinic, user)

    stopped_clock.shift(timedelta(minutes=10, seconds=1))

    assert send_code(clinic, challenge, code_of(device)).json()["code"] == "challenge_over"


@pytest.mark.parametrize("change", [{"token_version": 2}, {"is_active": False}])
def test_a_challenge_ends_with_a_new_password_and_a_deactivation(
    clinic: Clinic, user: User, stopped_clock: Any, change: dict[str, Any]
) -> None:
    device = give_authenticator(user)
    challenge = challenge_of(clinic, user)

    User.objects.filter(pk=user.pk).update(**change)

    assert send_code(clinic, challenge, code_of(device)).json()["code"] == "challenge_over"


@pytest.mark.parametrize("challenge", ["", "none", "a.b.c", "é" * 40, "x" * 401])
def test_an_invalid_challenge_is_refused(clinic: Clinic, challenge: str) -> None:
    assert send_code(clinic, challenge, "123456").status_code in {400, 401}


@pytest.mark.parametrize(
    "code",
    [
        "",
        "12345",
        "abcdef",
        "\u0661\u0662\u0663\u0664\u0665\u0666",
        "-1",
        "1e5",
        "0x1234",
        "9" * 32,
        "9" * 33,
    ],
)
def test_an_invalid_code_is_refused(clinic: Clinic, user: User, code: str) -> None:
    give_authenticator(user)

    assert send_code(clinic, challenge_of(clinic, user), code).status_code == 400


def test_five_wrong_codes_lock_for_15_minutes_even_with_the_right_password(
    clinic: Clinic, user: User, stopped_clock: Any
) -> None:
    device = give_authenticator(user)
    wrong = wrong_code(device)

    answers = [send_code(clinic, challenge_of(clinic, user), wrong).status_code for _ in range(5)]
    locked = send_code(clinic, challenge_of(clinic, user), code_of(device))
    stopped_clock.shift(timedelta(minutes=15))
    unlocked = send_code(clinic, challenge_of(clinic, user), code_of(device))

    assert answers == [400] * 5
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    assert unlocked.status_code == 200
    assert AttemptCounter.objects.exclude(count=0).count() == 0


def test_twenty_wrong_codes_lock_for_a_day(clinic: Clinic, user: User, stopped_clock: Any) -> None:
    device = give_authenticator(user)
    for _ in range(20):
        stopped_clock.shift(timedelta(minutes=15))
        assert send_code(clinic, challenge_of(clinic, user), wrong_code(device)).status_code == 400

    stopped_clock.shift(timedelta(minutes=15))

    assert send_code(clinic, challenge_of(clinic, user), code_of(device)).status_code == 429


def test_a_refused_code_is_logged(clinic: Clinic, user: User) -> None:
    device = give_authenticator(user)

    send_code(clinic, challenge_of(clinic, user), wrong_code(device))

    assert audit_entries(kind="accounts.user") == [("second_factor_refused", "accounts.user", str(user.pk))]


@pytest.mark.parametrize(
    ("setting", "make"),
    [
        ("second_factor_for_desk", make_admin),
        ("second_factor_for_desk", make_receptionist),
        ("second_factor_for_doctors", None),
    ],
)
def test_if_the_clinic_requires_it_sign_in_starts_the_set_up(
    clinic: Clinic, doctor: Doctor, setting: str, make: Callable[[], User] | None, stopped_clock: Any
) -> None:
    user = make() if make else doctor.user
    assert user is not None
    require(**{setting: True})
    client = ClinicClient(clinic)

    refused = sign_in(clinic, user).json()
    challenge = {"challenge": refused["data"]["challenge"]}
    set_up = data_of(client.post("/api/auth/second-factor/set-up/", challenge))
    code = {"code": code_of(app_of(user))}
    session = data_of(client.post("/api/auth/second-factor/set-up/confirm/", challenge | code))

    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    state = data_of(client.get("/api/auth/second-factor/"))
    assert refused["data"]["is_set_up"] is False
    assert set_up["address"].startswith(f"otpauth://totp/{clinic.name}:")
    assert set_up["picture"].startswith("<svg ")
    assert len(set(session["recovery_codes"])) == 10
    assert state == {"is_on": True, "is_demanded": True, "recovery_codes_left": 10}


def test_a_patient_may_set_up_a_second_step_and_then_needs_it(
    clinic: Clinic, patient: Patient, client_for: ClientFor, stopped_clock: Any
) -> None:
    user = user_of(patient)
    client = client_for(clinic, user)
    path = "/api/auth/second-factor/"

    before = data_of(client.get(path))
    key = data_of(client.post(f"{path}set-up/", {}))
    first_code = code_of(app_of(user))
    session = data_of(client.post(f"{path}set-up/confirm/", {"code": first_code}))
    stopped_clock.shift(timedelta(seconds=30))
    signed_in = send_code(clinic, challenge_of(clinic, user), code_of(app_of(user)))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    off = client.post(f"{path}switch-off/", {"password": PASSWORD, "code": session["recovery_codes"][0]})

    assert before == {"is_on": False, "is_demanded": False, "recovery_codes_left": 0}
    assert (key["key"] != "", "svg" in key["picture"], len(session["recovery_codes"])) == (True, True, 10)
    assert (signed_in.status_code, off.status_code, sign_in(clinic, user).status_code) == (200, 200, 200)


def test_closing_the_account_deletes_a_patients_second_step(
    clinic: Clinic, patient: Patient, client_for: ClientFor
) -> None:
    user = user_of(patient)
    give_authenticator(user)
    recovery_codes(user)

    data_of(client_for(clinic, user).post("/api/users/me/close/", {"password": PASSWORD}))

    assert [rows.objects.filter(user=user).count() for rows in (Authenticator, RecoveryCodes)] == [0, 0]


def test_patients_never_need_a_second_step(clinic: Clinic, patient: Patient) -> None:
    require(second_factor_for_desk=True, second_factor_for_doctors=True)
    assert patient.user is not None

    assert sign_in(clinic, patient.user).status_code == 200


def test_a_challenge_cannot_set_up_a_second_app(clinic: Clinic, user: User) -> None:
    give_authenticator(user)

    answer = ClinicClient(clinic).post(
        "/api/auth/second-factor/set-up/", {"challenge": challenge_of(clinic, user)}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "second_factor_on")


def test_the_second_step_is_off_until_the_first_code_is_confirmed(
    clinic: Clinic, user: User, client_for: ClientFor
) -> None:
    client = client_for(clinic, user)

    first = data_of(client.post("/api/auth/second-factor/set-up/", {}))
    again = data_of(client.post("/api/auth/second-factor/set-up/", {}))
    wrong = client.post("/api/auth/second-factor/set-up/confirm/", {"code": wrong_code(app_of(user))})

    assert first["key"] == again["key"]
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["code"])
    assert data_of(client.get("/api/auth/second-factor/"))["is_on"] is False
    assert sign_in(clinic, user).status_code == 200


def test_switching_it_on_ends_earlier_sessions(
    clinic: Clinic, user: User, client_for: ClientFor, stopped_clock: Any
) -> None:
    other_client, client = client_for(clinic, user), client_for(clinic, user)
    client.post("/api/auth/second-factor/set-up/", {})

    client.post("/api/auth/second-factor/set-up/confirm/", {"code": code_of(app_of(user))})

    assert other_client.get("/api/auth/profile/").status_code == 401


@pytest.mark.parametrize("path", ["switch-off", "recovery-codes"])
@pytest.mark.parametrize("wrong", ["password", "code"])
def test_changing_it_requires_password_and_code(
    clinic: Clinic, user: User, client_for: ClientFor, path: str, wrong: str
) -> None:
    device = give_authenticator(user)
    right = {"password": PASSWORD, "code": code_of(device)}
    proof = {**right, wrong: {"password": "wrong horse", "code": wrong_code(device)}[wrong]}

    answer = client_for(clinic, user).post(f"/api/auth/second-factor/{path}/", proof)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [wrong])
    assert app_of(user).confirmed


def test_after_switching_it_off_the_password_is_enough(
    clinic: Clinic, user: User, client_for: ClientFor, stopped_clock: Any
) -> None:
    proof = {"password": PASSWORD, "code": code_of(give_authenticator(user))}

    answer = client_for(clinic, user).post("/api/auth/second-factor/switch-off/", proof)

    assert (answer.status_code, sign_in(clinic, user).status_code) == (200, 200)
    assert ("second_factor_off", "accounts.user", str(user.pk)) in audit_entries()


def test_a_required_second_step_cannot_be_switched_off(
    clinic: Clinic, user: User, client_for: ClientFor, stopped_clock: Any
) -> None:
    proof = {"password": PASSWORD, "code": code_of(give_authenticator(user))}
    require(second_factor_for_doctors=True)

    answer = client_for(clinic, user).post("/api/auth/second-factor/switch-off/", proof)

    assert (answer.status_code, answer.json()["code"]) == (422, "second_factor_demanded")


def test_new_recovery_codes_replace_the_old_ones(
    clinic: Clinic, user: User, client_for: ClientFor, stopped_clock: Any
) -> None:
    proof = {"password": PASSWORD, "code": code_of(give_authenticator(user))}
    old = recovery_codes(user)[0]

    new = data_of(client_for(clinic, user).post("/api/auth/second-factor/recovery-codes/", proof))

    challenge = challenge_of(clinic, user)
    answers = [send_code(clinic, challenge, code).status_code for code in (old, new["recovery_codes"][0])]
    assert answers == [400, 200]


def test_after_a_reset_the_password_is_enough_and_sessions_have_ended(
    clinic: Clinic, user: User, admin: User, client_for: ClientFor
) -> None:
    give_authenticator(user)
    recovery_codes(user)
    client = client_for(clinic, user)

    reset_second_factor(user=user, by=admin)

    assert (client.get("/api/auth/profile/").status_code, sign_in(clinic, user).status_code) == (401, 200)
    assert ("second_factor_reset", "accounts.user", str(user.pk)) in audit_entries()
    with pytest.raises(SecondFactorOff):
        reset_second_factor(user=user, by=admin)


def test_a_person_at_two_clinics_has_two_keys(
    clinic: Clinic, other_clinic: Clinic, user: User, stopped_clock: Any
) -> None:
    first_device = begin_enrolment(user=user)
    codes = confirm_enrolment(user=user, code=code_of(first_device), address=ADDRESS, now=clock_now())

    with enter_clinic(other_clinic):
        same_person = make_admin(email=user.email)
        second_device = give_authenticator(same_person)
        answer = send_code(other_clinic, challenge_of(other_clinic, same_person), codes[0])

    assert first_device.bin_key != second_device.bin_key
    assert answer.status_code == 400
