"""The same request again gets the same answer, once the first has been given."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from scheduling.errors import IdempotencyKeyReused
from scheduling.models import IdempotentAnswer
from tenants.accounts.models import User
from tenants.retrying import retry_conflicts

KEPT = timedelta(days=2)
"""How long a repeat is still known as one."""

CLAIM = """
INSERT INTO scheduling_idempotentanswer (user_id, key, request_digest, answer, created_at)
VALUES (%s, %s, %s, 'null', %s) ON CONFLICT DO NOTHING RETURNING id
"""
# Written out, since every refusal of a slot that is taken asks it.
FIRST = "SELECT request_digest, answer FROM scheduling_idempotentanswer WHERE user_id = %s AND key = %s"


@retry_conflicts
@transaction.atomic
def answer_once(
    *, user: User, key: str, request: dict[str, Any], act: Callable[[], Any], now: datetime
) -> Any:
    """Run `act` and keep its answer in the same transaction; a repeat gets that answer and runs nothing.

    Repeats that come while the first is under way wait for it at the key's unique constraint.

    :raises IdempotencyKeyReused: the key came before with another request
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [user.pk, key, digest_of(request), now])
        claimed = cursor.fetchone()
    if claimed is None:
        return first_answer(user=user, key=key, request=request)
    answer = act()
    IdempotentAnswer.objects.filter(pk=claimed[0]).update(answer=answer)
    return answer


def first_answer(*, user: User, key: str, request: dict[str, Any]) -> Any:
    """What the same request was answered before; None if it was not.

    :raises IdempotencyKeyReused: the key came before with another request
    """
    with connection.cursor() as cursor:
        cursor.execute(FIRST, [user.pk, key])
        first = cursor.fetchone()
    if first is None:
        return None
    digest, answer = first
    if digest != digest_of(request):
        raise IdempotencyKeyReused
    return json.loads(answer)


def digest_of(request: dict[str, Any]) -> str:
    """By which a repeat is told from another request with the same key."""
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()


def forget_old_answers(*, now: datetime) -> int:
    """Drop the answers that nobody will ask for again.

    :return: how many
    """
    deleted, _by_model = IdempotentAnswer.objects.filter(created_at__lt=now - KEPT).delete()
    return deleted
