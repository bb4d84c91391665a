"""docker-compose.yml starts what the chart starts, and nothing without its secrets."""

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


def test_each_role_starts_and_is_watched_as_the_chart_does_it(
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

    demanded = set(re.findall(r"\$\{([A-Z_]+):\?", text))
    assert demanded == {"SECRET_KEY", "JWT_SECRET", "DB_PASSWORD", "EMAIL_URL"} | {
        *["DB_OWNER_PASSWORD", "DEFAULT_FROM_EMAIL"]
    }
    assert set(re.findall(r"\$\{([A-Z_]+)", text)) - demanded == {
        *["BASE_DOMAIN", "PUBLIC_SCHEME", "PUBLIC_PORT", "PORT", "BEHIND_PROXY"],
        *["SENTRY_DSN", "DJANGO_LOG_LEVEL"],
    }


def test_settings_have_the_names_the_chart_uses(
    services: dict[str, dict[str, Any]], pods: dict[str, dict[str, Any]]
) -> None:
    environment = pods["migrate"]["spec"]["containers"][0]["env"]
    charts = {entry["name"].removesuffix("_FILE") for entry in environment}

    assert set(services["migrate"]["environment"]) == charts | {"SENTRY_DSN"}


def test_the_product_is_confined_as_in_the_chart(services: dict[str, dict[str, Any]]) -> None:
    for role in ROLES:
        assert (services[role]["read_only"], services[role]["tmpfs"]) == (True, ["/tmp"])
        assert services[role]["cap_drop"] == ["ALL"]


def test_nobody_starts_before_the_migration_is_done(services: dict[str, dict[str, Any]]) -> None:
    for role in ["web", "worker", "beat"]:
        assert services[role]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
