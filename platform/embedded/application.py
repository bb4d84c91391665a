"""The product's processes and their settings in the demo."""

import sys
from collections.abc import Mapping

from embedded import database_logins
from embedded.programs import Program
from embedded.run_folder import ROOT, Home


def settings(home: Home, *, port: int) -> dict[str, str]:
    """Return the demo's settings, except the addresses of its servers."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "PYTHONTZPATH": "",  # time zones come from the pinned tzdata package only
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": home.secret("secret_key"),
        "JWT_SECRET": home.secret("jwt_secret"),
        "DEMO": "1",
        "DEMO_OPERATOR_PASSWORD": home.secret("operator_password", size=12),  # short, because people type it
        "BASE_DOMAIN": "localhost",
        "PUBLIC_SCHEME": "http",
        "PUBLIC_PORT": str(port),
        "STATIC_ROOT": str(home.path / "static"),
        "PICTURES_DIR": str(home.path / "pictures"),
    }


def programs(home: Home, env: Mapping[str, str], *, port: int) -> list[Program]:
    """Return the programs web, worker, delivery and beat, in this order."""
    worker = ["celery", "-A", "config", "worker", "--loglevel", "info"]
    commands = {
        "web": ["config.server", "--port", str(port), "--workers", "2", "--threads", "4"],
        "worker": [*worker, "--concurrency", "2", "--queues", "celery"],
        "delivery": [*worker, "--concurrency", "1", "--queues", "delivery", "--hostname", "delivery@%h"],
        "beat": ["celery", "-A", "config", "beat", "--max-interval", "10"],
    }
    pools = {"web": {"DB_POOL": "1"}}  # not in the worker: a pool does not survive its fork
    return [
        Program(
            name=name,
            argv=(sys.executable, "-m", *arguments),
            env=database_logins.without_owner(env) | pools.get(name, {}),
            folder=ROOT,
        )
        for name, arguments in commands.items()
    ]
