"""Idempotent requests: a repeat with the same `Idempotency-Key` gets the stored response."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from scheduling.errors import IdempotencyKeyReused
from scheduling.models import IdempotentAnswer
from tenants.accounts.models import User
from tenants.base.retry import retry_conflicts

_RETENTION = timedelta(days=2)
"""How long a response is stored for repeated requests."""

_CLAIM_KEY = """
INSERT INTO scheduling_idempotentanswer (user_id, key, request_digest, answer, created_at, updated_at)
VALUES (%(user)s, %(key)s, %(digest)s, 'null', %(now)s, %(now)s) ON CONFLICT DO NOTHING RETURNING id
"""


def run_idempotently(
    action: Callable[[], Any], *, user: User, key: str, request: dict[str, Any], now: datetime
) -> Any:
    """Run `action` and store its response under `key`. A repeated request gets the stored response.

    The response is committed together with the changes that `action` made.

    :param key: the request's `Idempotency-Key`; empty: run `action` without storing anything
    :param request: the validated request, to distinguish a repeat from another request with the same key
    :raises IdempotencyKeyReused: the key was used for a different request
    """
    return _run_once(action, user=user, key=key, request=request, now=now) if key else action()


@retry_conflicts
@transaction.atomic
def _run_once(
    action: Callable[[], Any], *, user: User, key: str, request: dict[str, Any], now: datetime
) -> Any:
    digest = hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()
    with connection.cursor() as cursor:
        # A repeat that arrives while the first request runs waits here, at the unique constraint.
        cursor.execute(_CLAIM_KEY, {"user": user.pk, "key": key, "digest": digest, "now": now})
        claimed = cursor.fetchone()
    if claimed is None:
        first = IdempotentAnswer.objects.get(user=user, key=key)
        if first.request_digest != digest:
            raise IdempotencyKeyReused
        return first.answer
    answer = action()
    IdempotentAnswer.objects.filter(pk=claimed[0]).update(answer=answer)
    return answer


def delete_old_answers(*, now: datetime) -> int:
    """Delete the stored responses that have expired, and return their number."""
    deleted, _by_model = IdempotentAnswer.objects.filter(created_at__lt=now - _RETENTION).delete()
    return deleted
