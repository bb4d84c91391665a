"""The five roles: commands, security settings and probes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from config.server.limits import MIB, Limits

Render = Callable[[dict[str, Any]], dict[str, dict[str, Any]]]
Values = Callable[[str], dict[str, Any]]
Documents = dict[str, dict[str, Any]]

ROLES = ["beat", "delivery", "migrate", "web", "worker"]


def container(pod: dict[str, Any]) -> dict[str, Any]:
    """Return the pod's only container."""
    (only,) = pod["spec"]["containers"]
    return dict(only)


def test_the_five_roles_run_the_same_image(pods: Documents) -> None:
    images = {role: container(pod)["image"] for role, pod in pods.items()}

    assert images == dict.fromkeys(ROLES, "registry.example.org/clinic-appointments:0.1.0")


def test_a_digest_wins_over_the_tag(render: Render, values: Values) -> None:
    web = render(values("everything"))["Deployment bookings-web"]

    digest = values("everything")["image"]["digest"]
    expected = f"registry.example.org/clinic-appointments@{digest}"
    assert container(web["spec"]["template"])["image"] == expected


def test_each_role_has_its_command(pods: Documents) -> None:
    commands = {role: " ".join(container(pod)["command"]) for role, pod in pods.items()}

    assert commands == {
        "web": "python -m config.server --host 0.0.0.0 --port 8000 --workers 2 --threads 4 --kill-timeout 30",
        "worker": "celery -A config worker --queues celery --concurrency 2",
        "delivery": "celery -A config worker --queues delivery --concurrency 2",
        "beat": "celery -A config beat --max-interval 10",
        "migrate": "python manage.py migrate_schemas --noinput",
    }


@pytest.mark.parametrize("role", ROLES)
def test_every_pod_meets_the_restricted_profile(pods: Documents, role: str) -> None:
    spec = pods[role]["spec"]

    assert spec["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 10001,
        "runAsGroup": 10001,
        "fsGroup": 10001,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert container(pods[role])["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False
    assert spec["volumes"][1] == {"name": "tmp", "emptyDir": {"sizeLimit": "256Mi"}}


def test_web_is_probed_at_its_health_urls(pods: Documents) -> None:
    web = container(pods["web"])

    paths = {kind: web[f"{kind}Probe"]["httpGet"] for kind in ["startup", "liveness", "readiness"]}
    assert paths == {
        "startup": {"path": "/health/live", "port": "http"},
        "liveness": {"path": "/health/live", "port": "http"},
        "readiness": {"path": "/health/ready", "port": "http"},
    }


def test_web_is_updated_without_downtime(installed: Documents, pods: Documents) -> None:
    deployment = installed["Deployment clinic-appointments-web"]["spec"]

    assert deployment["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert container(pods["web"])["lifecycle"] == {"preStop": {"sleep": {"seconds": 10}}}
    assert pods["web"]["spec"]["terminationGracePeriodSeconds"] == 45


def test_beat_may_have_replicas(render: Render, values: Values) -> None:
    """They agree by a lock in Postgres which one sends the tasks."""
    beat = render(values("required") | {"beat": {"replicas": 2}})["Deployment clinic-appointments-beat"]

    assert beat["spec"]["replicas"] == 2


def test_migrate_runs_before_the_release_and_uses_none_of_its_objects(installed: Documents) -> None:
    job = installed["Job clinic-appointments-migrate"]
    spec = job["spec"]["template"]["spec"]

    assert job["metadata"]["annotations"] == {
        "helm.sh/hook": "pre-install,pre-upgrade",
        "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
    }
    assert "envFrom" not in spec["containers"][0]
    assert "serviceAccountName" not in spec
    config = installed["ConfigMap clinic-appointments"]["data"]
    inlined = {entry["name"]: entry["value"] for entry in spec["containers"][0]["env"]}
    assert {name: inlined[name] for name in config} == config


def test_a_migration_may_take_long_but_not_wait_long_for_a_lock(pods: Documents) -> None:
    entries = container(pods["migrate"])["env"]
    limits = {entry["name"]: entry.get("value") for entry in entries if entry["name"].endswith("_TIMEOUT")}

    assert limits == {"DB_STATEMENT_TIMEOUT": "0", "DB_LOCK_TIMEOUT": "1s"}


def test_a_changed_setting_restarts_the_pods(render: Render, values: Values, pods: Documents) -> None:
    changed = render(values("required") | {"logLevel": "DEBUG"})["Deployment clinic-appointments-worker"]

    before = pods["worker"]["metadata"]["annotations"]["checksum/config"]
    after = changed["spec"]["template"]["metadata"]["annotations"]["checksum/config"]
    assert before != after


def test_only_web_uses_a_connection_pool(pods: Documents) -> None:
    pooled = [
        role for role, pod in pods.items() if {"name": "DB_POOL", "value": "1"} in container(pod)["env"]
    ]

    assert pooled == ["web"]


def test_selectors_match_labels(installed: Documents) -> None:
    for role in ["web", "worker", "delivery", "beat"]:
        spec = installed[f"Deployment clinic-appointments-{role}"]["spec"]
        assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]

    web = installed["Deployment clinic-appointments-web"]["spec"]["selector"]["matchLabels"]
    assert installed["Service clinic-appointments-web"]["spec"]["selector"] == web
    budget = installed["PodDisruptionBudget clinic-appointments-web"]["spec"]
    assert budget["selector"]["matchLabels"] == web


def test_the_memory_limit_of_web_follows_the_formula_in_operations(
    installed: Documents, pods: Documents
) -> None:
    command = container(pods["web"])["command"]
    processes = int(command[command.index("--workers") + 1])
    limit = container(pods["web"])["resources"]["limits"]["memory"]

    needed = 100 + processes * (160 + settings.PASSWORD_MEMORY_MIB + Limits().memory // MIB)

    assert needed <= int(limit.removesuffix("Mi"))
