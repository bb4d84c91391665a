"""Settings and secrets: each by the name the product reads, no secret anywhere in a manifest."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Render = Callable[[dict[str, Any]], dict[str, dict[str, Any]]]
Values = Callable[[str], dict[str, Any]]
Documents = dict[str, dict[str, Any]]

SECRETS = ["DB_PASSWORD", "EMAIL_URL", "JWT_SECRET", "REDIS_URL", "SECRET_KEY"]


def secret_sources(pod: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Give file name → (Secret, key) of what the pod mounts."""
    volume = pod["spec"]["volumes"][0]
    return {
        item["path"]: (source["secret"]["name"], item["key"])
        for source in volume["projected"]["sources"]
        for item in source["secret"]["items"]
    }


def test_the_config_map_says_where_the_product_is_and_what_it_needs(installed: Documents) -> None:
    assert installed["ConfigMap clinic-appointments"]["data"] == {
        "BASE_DOMAIN": "clinics.example.org",
        "BEHIND_PROXY": "1",
        "DB_HOST": "postgres.data.svc",
        "DB_NAME": "clinics",
        "DB_PORT": "5432",
        "DB_USER": "clinics_app",
        "DEFAULT_FROM_EMAIL": "Appointments <appointments@clinics.example.org>",
        "DJANGO_LOG_LEVEL": "INFO",
        "PUBLIC_PORT": "",
        "PUBLIC_SCHEME": "https",
    }


def test_the_product_reads_every_setting_by_the_name_it_is_given(root: Path, pods: Documents) -> None:
    config = root / "platform" / "config"
    settings = (config / "settings.py").read_text() + (config / "mail.py").read_text()
    environment = pods["migrate"]["spec"]["containers"][0]["env"]
    given = {entry["name"].removesuffix("_FILE") for entry in environment}

    assert given - set(re.findall(r'"([A-Z_]+)"', settings)) == set()


@pytest.mark.parametrize("role", ["web", "worker", "beat", "migrate"])
def test_every_pod_finds_each_secret_in_a_file_of_the_named_secret(pods: Documents, role: str) -> None:
    environment = pods[role]["spec"]["containers"][0]["env"]
    files = {entry["name"]: entry["value"] for entry in environment if entry["name"].endswith("_FILE")}
    secrets = SECRETS if role != "migrate" else [*SECRETS, "DB_OWNER_PASSWORD"]

    assert files == {f"{name}_FILE": f"/run/secrets/clinics/{name}" for name in secrets}
    assert secret_sources(pods[role]) == {name: ("clinic-secrets", name) for name in secrets}
    assert pods[role]["spec"]["containers"][0]["volumeMounts"][0] == {
        "name": "secrets",
        "mountPath": "/run/secrets/clinics",
        "readOnly": True,
    }


def test_keys_and_the_database_password_may_be_kept_elsewhere(render: Render, values: Values) -> None:
    web = render(values("everything"))["Deployment bookings-web"]["spec"]["template"]

    assert secret_sources(web) == {
        "DB_PASSWORD": ("postgres-app", "password"),
        "EMAIL_URL": ("clinic-secrets", "EMAIL_URL"),
        "JWT_SECRET": ("clinic-secrets", "JWT_SECRET"),
        "REDIS_URL": ("clinic-secrets", "REDIS_URL"),
        "SECRET_KEY": ("clinic-secrets", "SECRET_KEY"),
        "SENTRY_DSN": ("clinic-secrets", "sentry-dsn"),
    }


def test_any_other_setting_can_be_given_by_name(render: Render, values: Values) -> None:
    settings = render(values("everything"))["ConfigMap bookings"]["data"]

    assert (settings["SIGN_UP"], settings["CLOSING_DAYS"]) == ("off", "60")


def test_no_manifest_makes_a_secret_or_carries_its_value(render: Render, values: Values) -> None:
    made = render(values("everything"))

    assert [name for name in made if name.startswith("Secret ")] == []
    text = json.dumps(made)
    names = [*SECRETS, "SENTRY_DSN"]
    assert [name for name in names if f'"name": "{name}", "value"' in text] == []


def test_the_ingress_takes_the_base_domain_every_clinic_and_their_own_domains(
    render: Render, values: Values
) -> None:
    made = render(values("everything"))

    hosts = ["clinics.example.org", "*.clinics.example.org", "book.riverside.example"]
    spec = made["Ingress bookings"]["spec"]
    assert [rule["host"] for rule in spec["rules"]] == hosts
    assert spec["tls"] == [{"secretName": "wildcard-certificate", "hosts": hosts}]


def test_the_network_policy_lets_only_the_ingress_in_and_only_web_be_called(
    render: Render, values: Values
) -> None:
    made = render(values("everything"))

    everyone, web = made["NetworkPolicy bookings"]["spec"], made["NetworkPolicy bookings-web"]["spec"]
    assert (everyone["policyTypes"], web["policyTypes"]) == (["Ingress", "Egress"], ["Ingress"])
    assert "ingress" not in everyone
    assert [port["port"] for port in everyone["egress"][0]["ports"]] == [
        53, 53, 5432, 6379, 25, 465, 587, 443, 80,
    ]  # fmt: skip
    assert web["podSelector"]["matchLabels"]["app.kubernetes.io/component"] == "web"
    assert web["ingress"][0]["ports"] == [{"port": "http", "protocol": "TCP"}]
    assert web["ingress"][0]["from"] == values("everything")["networkPolicy"]["ingressFrom"]


def test_where_a_scaler_counts_the_pods_the_deployment_does_not(render: Render, values: Values) -> None:
    made = render(values("everything"))

    assert "replicas" not in made["Deployment bookings-web"]["spec"]
    assert "replicas" not in made["Deployment bookings-worker"]["spec"]
    scaler = made["HorizontalPodAutoscaler bookings-web"]["spec"]
    assert (scaler["scaleTargetRef"]["name"], scaler["minReplicas"], scaler["maxReplicas"]) == (
        "bookings-web",
        2,
        20,
    )
