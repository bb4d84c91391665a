#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run a management command with `platform/` as a second source root."""
    # Appended, not inserted: `import platform` must stay the standard library's.
    sys.path.append(str(Path(__file__).resolve().parent / "platform"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Migrations and imports may run longer than a request is allowed to.
    os.environ.setdefault("DB_STATEMENT_TIMEOUT", "0")

    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
