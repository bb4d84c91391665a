"""docker-compose.yml starts the same roles as the chart, and requires the secrets."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROLES = ["web", "worker", "beat", "migrate"]


@pytest.fixture(scope="session")
def services(root: Path) -> dict[str, dict[str, Any]]:
    loaded: dict[str, Any] = yaml.safe_load((root / "docker-compose.yml").read_text())
    return dict(loaded["services"])


def test_the_four_roles_and_two_servers_run_from_exact_versions(services: dict[str, dict[str, Any]]) -> None:
    images = {name: service["image"] for name, service in services.items()}

    assert images == dict.fromkeys(ROLES, "clinic-appointments:local") | {
        "postgres": "postgres:18.6-trixie",
        "valkey": "valkey/valkey:9.1.4-trixie",
    }


def test_each_role_has_the_command_and_the_probe_of_the_chart(
    services: dict[str, dict[str, Any]], pods: dict[str, dict[str, Any]]
) -> None:
    for role in ["worker", "beat", "migrate"]:
        assert services[role]["command"] == pods[role]["spec"]["containers"][0]["command"]
    assert "command" not in services["web"]

    for role in ["worker", "beat"]:
        probe = pods[role]["spec"]["containers"][0]["livenessProbe"]["exec"]["command"][2]
        assert services[role]["healthcheck"]["test"][1].replace("$$", "$") == probe


def test_nothing_starts_without_the_secrets(root: Path) -> None:
    text = (root / "docker-compose.yml").read_text()

    required = set(re.findall(r"\$\{([A-Z_]+):\?", text))
    assert required == {"SECRET_KEY", "JWT_SECRET", "DB_PASSWORD", "EMAIL_URL"} | {
        *["DB_OWNER_PASSWORD", "DEFAULT_FROM_EMAIL"]
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
    for role in ["web", "worker", "beat"]:
        assert services[role]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
