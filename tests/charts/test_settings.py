"""Settings and secrets have the names that the product reads, and no manifest contains a secret."""

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
    """Return (Secret, key) of each mounted file, by file name."""
    volume = pod["spec"]["volumes"][0]
    return {
        item["path"]: (source["secret"]["name"], item["key"])
        for source in volume["projected"]["sources"]
        for item in source["secret"]["items"]
    }


def test_the_config_map_has_every_required_setting(installed: Documents) -> None:
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


def test_the_product_reads_every_setting_of_the_chart(root: Path, pods: Documents) -> None:
    config = root / "platform" / "config"
    settings = (config / "settings.py").read_text() + (config / "mail.py").read_text()
    environment = pods["migrate"]["spec"]["containers"][0]["env"]
    names = {entry["name"].removesuffix("_FILE") for entry in environment}

    assert names - set(re.findall(r'"([A-Z_]+)"', settings)) == set()


@pytest.mark.parametrize("role", ["web", "worker", "delivery", "beat", "migrate"])
def test_every_pod_mounts_each_secret_as_a_file_of_the_named_secret(pods: Documents, role: str) -> None:
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


def test_names_of_keys_and_the_secret_of_the_database_password_can_be_set(
    render: Render, values: Values
) -> None:
    web = render(values("everything"))["Deployment bookings-web"]["spec"]["template"]

    assert secret_sources(web) == {
        "DB_PASSWORD": ("postgres-app", "password"),
        "EMAIL_URL": ("clinic-secrets", "EMAIL_URL"),
        "JWT_SECRET": ("clinic-secrets", "JWT_SECRET"),
        "REDIS_URL": ("clinic-secrets", "REDIS_URL"),
        "SECRET_KEY": ("clinic-secrets", "SECRET_KEY"),
        "SENTRY_DSN": ("clinic-secrets", "sentry-dsn"),
    }


def test_any_other_setting_can_be_set_by_name(render: Render, values: Values) -> None:
    settings = render(values("everything"))["ConfigMap bookings"]["data"]

    assert (settings["SIGN_UP"], settings["CLOSING_DAYS"]) == ("off", "60")


def test_no_manifest_creates_a_secret_or_contains_its_value(render: Render, values: Values) -> None:
    documents = render(values("everything"))

    assert [name for name in documents if name.startswith("Secret ")] == []
    text = json.dumps(documents)
    names = [*SECRETS, "SENTRY_DSN"]
    assert [name for name in names if f'"name": "{name}", "value"' in text] == []


def test_the_ingress_has_the_base_domain_all_clinics_and_their_own_domains(
    render: Render, values: Values
) -> None:
    documents = render(values("everything"))

    hosts = ["clinics.example.org", "*.clinics.example.org", "book.riverside.example"]
    spec = documents["Ingress bookings"]["spec"]
    assert [rule["host"] for rule in spec["rules"]] == hosts
    assert spec["tls"] == [{"secretName": "wildcard-certificate", "hosts": hosts}]


def test_the_network_policy_allows_traffic_from_the_ingress_to_web_only(
    render: Render, values: Values
) -> None:
    documents = render(values("everything"))

    all_pods, web = (
        documents["NetworkPolicy bookings"]["spec"],
        documents["NetworkPolicy bookings-web"]["spec"],
    )
    assert (all_pods["policyTypes"], web["policyTypes"]) == (["Ingress", "Egress"], ["Ingress"])
    assert "ingress" not in all_pods
    assert [port["port"] for port in all_pods["egress"][0]["ports"]] == [
        53, 53, 5432, 6379, 25, 465, 587, 443, 80,
    ]  # fmt: skip
    assert web["podSelector"]["matchLabels"]["app.kubernetes.io/component"] == "web"
    assert web["ingress"][0]["ports"] == [{"port": "http", "protocol": "TCP"}]
    assert web["ingress"][0]["from"] == values("everything")["networkPolicy"]["ingressFrom"]


def test_a_deployment_with_an_autoscaler_has_no_replica_count(render: Render, values: Values) -> None:
    documents = render(values("everything"))

    assert "replicas" not in documents["Deployment bookings-web"]["spec"]
    assert "replicas" not in documents["Deployment bookings-worker"]["spec"]
    scaler = documents["HorizontalPodAutoscaler bookings-web"]["spec"]
    assert (scaler["scaleTargetRef"]["name"], scaler["minReplicas"], scaler["maxReplicas"]) == (
        "bookings-web",
        2,
        20,
    )
