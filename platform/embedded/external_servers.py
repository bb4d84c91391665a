"""Checks that the servers configured in the environment can be reached."""

from collections.abc import Mapping

import psycopg
import redis

from embedded import postgres
from embedded.setup_error import SetupError


def check_connections(environ: Mapping[str, str], settings: Mapping[str, str]) -> None:
    """Connect with `settings` to the Postgres and the Valkey that `environ` configures, if any.

    :raises SetupError: one of them cannot be reached
    """
    if "DB_HOST" in environ or "DB_HOST_FILE" in environ:
        _check_postgres(settings)
    if "REDIS_URL" in environ or "REDIS_URL_FILE" in environ:
        _check_valkey(settings["REDIS_URL"])


def _check_postgres(settings: Mapping[str, str]) -> None:
    host, port = settings["DB_HOST"], settings["DB_PORT"]
    try:
        postgres.database_identity(settings)
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        raise SetupError(
            f"Cannot connect to the Postgres in DB_HOST and DB_PORT ({host}:{port}): {reason}"
        ) from None


def _check_valkey(url: str) -> None:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise SetupError(f"Cannot connect to the server in REDIS_URL: {error}") from None
