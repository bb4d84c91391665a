"""Concurrent renewals and sign-outs, each on its own connection."""

from threading import Event, Thread

from django.db import connection, transaction

from tenants.accounts.models import RefreshToken, User
from tenants.accounts.sessions.services import end_session, renew_session, start_session
from tenants.base.clock import now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.accounts.sessions.concurrent_refresh import guarded, successors, unguarded
from tests.factories.people import make_patient


def signed_in() -> tuple[User, str]:
    """Return a patient's account and a refresh token."""
    user = make_patient().user
    assert user is not None
    return user, start_session(user=user).refresh


def test_of_sixteen_concurrent_renewals_one_succeeds(committed_clinic: Clinic) -> None:
    assert successors(committed_clinic, guarded, rounds=5) == [1] * 5

    assert RefreshToken.objects.filter(used_at=None).count() == 1


def test_checking_before_writing_lets_several_renewals_succeed(committed_clinic: Clinic) -> None:
    assert max(successors(committed_clinic, unguarded, rounds=3)) > 1


def test_signing_out_also_ends_the_token_of_a_concurrent_renewal(committed_clinic: Clinic) -> None:
    _user, token = signed_in()
    begun = Event()

    def sign_out() -> None:
        with enter_clinic(committed_clinic):
            connection.ensure_connection()
            begun.set()
            end_session(refresh=token)
        connection.close()

    other = Thread(target=sign_out)
    with transaction.atomic():
        renew_session(refresh=token, now=now())
        other.start()
        begun.wait(timeout=10)
        other.join(timeout=0.5)
    other.join(timeout=10)

    assert RefreshToken.objects.count() == 0
