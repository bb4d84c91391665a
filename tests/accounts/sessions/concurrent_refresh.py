"""Sixteen concurrent renewals of one session, in several rounds."""

import time
from collections.abc import Callable
from functools import partial

from tenants.accounts.errors import SessionEnded
from tenants.accounts.models import RefreshToken, User
from tenants.accounts.sessions.services import (
    Session,
    read_refresh_token,
    renew_session,
    start_session,
    token_hash,
)
from tenants.base.clock import now
from tenants.models import Clinic
from tests.factories.people import make_patient
from tests.factories.threads import run_concurrently

AT_ONCE = 16

Renew = Callable[[str], Session]


def guarded(refresh: str) -> Session:
    """Renew a session as the product does."""
    return renew_session(refresh=refresh, now=now())


def unguarded(refresh: str) -> Session:
    """Renew a session with a check before the write instead of a conditional UPDATE.

    :raises SessionEnded: the token has been used
    """
    stored = RefreshToken.objects.select_related("user").get(digest=token_hash(read_refresh_token(refresh)))
    if stored.used_at is not None:
        raise SessionEnded
    time.sleep(0.001)  # gives the other threads time to run
    RefreshToken.objects.filter(pk=stored.pk).update(used_at=now())
    return start_session(user=stored.user, family=stored.family)


def successors(clinic: Clinic, renew: Renew, *, rounds: int) -> list[int]:
    """Return how many of sixteen renewals succeeded in each round. A round uses a token of the last one."""
    user = make_patient().user
    assert isinstance(user, User)
    refresh, found = start_session(user=user).refresh, []
    for _round in range(rounds):
        answers = run_concurrently(clinic, *[partial(renew, refresh)] * AT_ONCE)
        sessions = [answer for answer in answers if isinstance(answer, Session)]
        refused = [answer for answer in answers if isinstance(answer, SessionEnded)]
        assert len(sessions) + len(refused) == AT_ONCE, answers
        found.append(len(sessions))
        refresh = sessions[0].refresh
    return found
