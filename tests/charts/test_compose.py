"""docker-compose.yml starts the same roles as the chart, and requires the secrets."""

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
import yaml
from redis import Redis
from redis.exceptions import AuthenticationError, RedisError

from embedded import binaries

ROLES = ["web", "worker", "delivery", "beat", "migrate"]


@pytest.fixture(scope="session")
def services(root: Path) -> dict[str, dict[str, Any]]:
    loaded: dict[str, Any] = yaml.safe_load((root / "docker-compose.yml").read_text())
    return dict(loaded["services"])


def test_the_five_roles_and_two_servers_run_from_exact_versions(services: dict[str, dict[str, Any]]) -> None:
    images = {name: service["image"] for name, service in services.items()}

    assert images == dict.fromkeys(ROLES, "clinic-appointments:local") | {
        "postgres": "postgres:18.6-trixie",
        "valkey": "valkey/valkey:9.1.4-trixie",
    }


def test_each_role_has_the_command_and_the_probe_of_the_chart(
    services: dict[str, dict[str, Any]], pods: dict[str, dict[str, Any]]
) -> None:
    for role in ["worker", "delivery", "beat", "migrate"]:
        assert services[role]["command"] == pods[role]["spec"]["containers"][0]["command"]
    assert "command" not in services["web"]

    for role in ["worker", "delivery", "beat"]:
        probe = pods[role]["spec"]["containers"][0]["livenessProbe"]["exec"]["command"][2]
        assert services[role]["healthcheck"]["test"][1].replace("$$", "$") == probe


def test_nothing_starts_without_the_secrets(root: Path) -> None:
    text = (root / "docker-compose.yml").read_text()

    required = set(re.findall(r"\$\{([A-Z_]+):\?", text))
    assert required == {"SECRET_KEY", "JWT_SECRET", "DB_PASSWORD", "EMAIL_URL"} | {
        *["DB_OWNER_PASSWORD", "DEFAULT_FROM_EMAIL", "REDIS_PASSWORD"]
    }
    assert set(re.findall(r"\$\{([A-Z_]+)", text)) - required == {
        *["BASE_DOMAIN", "PUBLIC_SCHEME", "PUBLIC_PORT", "PORT", "BEHIND_PROXY"],
        *["SENTRY_DSN", "DJANGO_LOG_LEVEL"],
    }


def test_settings_have_the_names_the_chart_uses(
    services: dict[str, dict[str, Any]], pods: dict[str, dict[str, Any]]
) -> None:
    environment = pods["migrate"]["spec"]["containers"][0]["env"]
    in_chart = {entry["name"].removesuffix("_FILE") for entry in environment}

    assert set(services["migrate"]["environment"]) == in_chart | {"SENTRY_DSN"}


def test_each_role_is_restricted_as_in_the_chart(services: dict[str, dict[str, Any]]) -> None:
    for role in ROLES:
        assert (services[role]["read_only"], services[role]["tmpfs"]) == (True, ["/tmp"])
        assert services[role]["cap_drop"] == ["ALL"]


def test_no_role_starts_before_the_migration_is_done(services: dict[str, dict[str, Any]]) -> None:
    for role in ["web", "worker", "delivery", "beat"]:
        assert services[role]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


PASSWORD = "a5e744d0164540d33b1d7ea616c28f2fa97e754a"


def with_password(text: str) -> str:
    """Return a text of the file as Compose reads it, with REDIS_PASSWORD filled in."""
    return re.sub(r"\$\{REDIS_PASSWORD[^}]*\}", PASSWORD, text)


@pytest.fixture
def valkey(services: dict[str, dict[str, Any]]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run Valkey with the command of the file, on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [with_password(word) for word in services["valkey"]["command"][1:]]
    process = subprocess.Popen(
        [binaries.valkey_server(), *command, "--bind", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process, port
    finally:
        process.terminate()
        process.wait(10)


def test_valkey_accepts_only_the_address_with_the_password(
    services: dict[str, dict[str, Any]], valkey: tuple[subprocess.Popen[bytes], int]
) -> None:
    process, port = valkey
    url = with_password(services["web"]["environment"]["REDIS_URL"]).replace(
        "valkey:6379", f"127.0.0.1:{port}"
    )
    began = monotonic()
    with Redis.from_url(url) as client, Redis(port=port) as stranger:
        while monotonic() - began < 10:
            try:
                assert client.ping()
                break
            except RedisError:
                sleep(0.05)

        assert client.ping()
        with pytest.raises(AuthenticationError):
            stranger.get("key")
    assert PASSWORD not in Path(f"/proc/{process.pid}/cmdline").read_text()
