"""Run `migrate_schemas` in its own process, at a later version of the code."""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

from embedded import database_logins
from embedded.run_folder import ROOT
from tests.factories.database_logins import OWNER

_SETTINGS = """
from config.settings import *

MIGRATION_MODULES = {modules!r}
"""


def start_migrate_schemas(folder: Path, modules: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start `manage.py migrate_schemas` with these MIGRATION_MODULES, which are in `folder`."""
    (folder / "settings_of_a_later_version.py").write_text(_SETTINGS.format(modules=modules))
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "settings_of_a_later_version",
        **dict(zip(database_logins.OWNER_SETTINGS, OWNER, strict=True)),
        "DB_NAME": str(connection.settings_dict["NAME"]),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}:{folder}",
        "PYTHONUNBUFFERED": "1",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "migrate_schemas", *arguments],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
