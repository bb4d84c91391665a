"""`make manage ARGS="…"`: manage.py with the settings of the demo that runs in DEMO_HOME."""

import json
import os
import sys
from functools import partial

from embedded import logins
from embedded.home import ROOT, demo_home, is_in_use
from embedded.preparing import PREPARED
from embedded.servers import with_settings
from embedded.setup_error import SetupError, report

_AS_OWNER = frozenset({"migrate", "migrate_schemas"})


def manage(words: list[str]) -> int:
    """Become `manage.py WORDS…`.

    :raises SetupError: no demo runs in DEMO_HOME
    """
    home = demo_home()
    kept = home / "environment.json"
    if not (is_in_use(home) and kept.exists()):
        raise SetupError(
            f"No demo runs in {home}: start one with make demo, or name its folder with DEMO_HOME=…"
        )
    (home / PREPARED).unlink(missing_ok=True)  # whatever the command does, the next start looks for itself
    env = with_settings(os.environ, json.loads(kept.read_text()))
    if not _AS_OWNER.intersection(words[:1]):
        env = logins.without_owner(env)
    os.execve(sys.executable, [sys.executable, str(ROOT / "manage.py"), *words], env)  # noqa: S606 no shell is wanted


if __name__ == "__main__":
    sys.exit(report(partial(manage, sys.argv[1:])))
