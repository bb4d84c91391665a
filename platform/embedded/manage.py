"""`make manage ARGS="…"`: runs manage.py with the settings of the demo that is running in DEMO_HOME."""

import json
import os
import sys
from functools import partial

from embedded import database_logins
from embedded.prepare import PREPARED_STAMP
from embedded.run_folder import ROOT, demo_home, is_in_use
from embedded.servers import with_settings
from embedded.setup_error import SetupError, run_reporting_errors

_AS_OWNER = frozenset({"migrate", "migrate_schemas"})


def manage(arguments: list[str]) -> int:
    """Replace this process by `manage.py ARGUMENTS…`.

    :raises SetupError: no demo is running in DEMO_HOME
    """
    home = demo_home()
    settings = home / "environment.json"
    if not (is_in_use(home) and settings.exists()):
        raise SetupError(
            f"No demo is running in {home}: start one with make demo, or set DEMO_HOME to its folder."
        )
    (home / PREPARED_STAMP).unlink(
        missing_ok=True
    )  # the command may change the database: the next start checks it
    env = with_settings(os.environ, json.loads(settings.read_text()))
    if not _AS_OWNER.intersection(arguments[:1]):
        env = database_logins.without_owner(env)
    os.execve(sys.executable, [sys.executable, str(ROOT / "manage.py"), *arguments], env)  # noqa: S606 no shell is needed


if __name__ == "__main__":
    sys.exit(run_reporting_errors(partial(manage, sys.argv[1:])))
