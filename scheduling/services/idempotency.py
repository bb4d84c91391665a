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


@retry_conflicts
@transaction.atomic
def answer_once(
    *, user: User, key: str, request: dict[str, Any], act: Callable[[], Any], now: datetime
) -> Any:
    """Run `act` and keep its answer in the same transaction; a repeat gets that answer and runs nothing.

    Repeats that come while the first is under way wait for it at the key's unique constraint.

    :raises IdempotencyKeyReused: the key came before with another request
    """
    digest = hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [user.pk, key, digest, now])
        claimed = cursor.fetchone()
    if claimed is None:
        first = IdempotentAnswer.objects.get(user=user, key=key)
        if first.request_digest != digest:
            raise IdempotencyKeyReused
        return first.answer
    answer = act()
    IdempotentAnswer.objects.filter(pk=claimed[0]).update(answer=answer)
    return answer


def forget_old_answers(*, now: datetime) -> int:
    """Drop the answers that nobody will ask for again.

    :return: how many
    """
    deleted, _by_model = IdempotentAnswer.objects.filter(created_at__lt=now - KEPT).delete()
    return deleted
