"""Servers of somebody else's, named by the environment: asked once whether they are there."""

from collections.abc import Mapping

import psycopg
import redis

from embedded import postgres
from embedded.setup_error import SetupError


def check(outer: Mapping[str, str], settings: Mapping[str, str]) -> None:
    """Reach the Postgres and the Valkey that `outer` names, if any, with `settings`.

    :raises SetupError: one of them cannot be reached
    """
    if "DB_HOST" in outer or "DB_HOST_FILE" in outer:
        _reach_postgres(settings)
    if "REDIS_URL" in outer or "REDIS_URL_FILE" in outer:
        _reach_valkey(settings["REDIS_URL"])


def _reach_postgres(settings: Mapping[str, str]) -> None:
    host, port = settings["DB_HOST"], settings["DB_PORT"]
    try:
        postgres.identity(settings)
    except psycopg.OperationalError as error:
        said = " ".join(str(error).split())
        raise SetupError(
            f"The Postgres that DB_HOST and DB_PORT name ({host}:{port}) refuses: {said}"
        ) from None


def _reach_valkey(url: str) -> None:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise SetupError(f"The server that REDIS_URL names does not answer: {error}") from None
