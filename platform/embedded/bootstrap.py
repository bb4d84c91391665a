"""The first thing `make` runs: python3 platform/embedded/bootstrap.py [clean].

It makes .venv with everything in it. Every Python can read this file, so one that is too old gets a sentence.
"""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 the point of this file
    sys.exit(
        "Python 3.11 or newer is needed and this is %d.%d: install one and name it, for example "  # noqa: UP031
        "make demo PYTHON=python3.12" % sys.version_info[:2]
    )

# As a script only this folder is on the path; the package `embedded` lies one above.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

if __name__ == "__main__":
    from embedded import cleaning, installing
    from embedded.setup_error import report

    sys.exit(report(cleaning.clean if sys.argv[1:] == ["clean"] else installing.install))
