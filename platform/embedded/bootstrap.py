"""Creates .venv and installs everything into it, or removes it (`clean`). Every make target starts here.

This file uses old syntax only, so that a Python that is too old prints a message instead of a traceback.
"""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036  for this case the file exists
    sys.exit(
        "Python 3.11 or newer is required and this is %d.%d: install it and name it, for example "  # noqa: UP031
        "make demo PYTHON=python3.12" % sys.version_info[:2]
    )

# Python puts the script's own folder on the path; the package `embedded` is in its parent.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

if __name__ == "__main__":
    from embedded import clean, install
    from embedded.setup_error import run_reporting_errors

    sys.exit(run_reporting_errors(clean.clean if sys.argv[1:] == ["clean"] else install.install))
