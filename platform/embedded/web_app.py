"""Builds the web app in frontend/ if its sources have changed."""

from embedded import commands, failure_reasons
from embedded.fingerprint import files_below, fingerprint, matches
from embedded.lock import exclusive_lock
from embedded.node import Node, find_node
from embedded.progress import step
from embedded.run_folder import ROOT
from embedded.setup_error import SetupError

FOLDER = ROOT / "frontend"
_NODE_MODULES = FOLDER / "node_modules"
# By default npm retries an unreachable registry for more than a minute.
_CI_OPTIONS = ("--no-audit", "--no-fund", "--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=8000")
_NOT_SOURCES = frozenset({"node_modules", "dist", "coverage", "tests", "test-results"})


def install_packages() -> Node:
    """Install the locked packages if they changed, and return the Node they are installed for.

    :raises SetupError: npm failed
    """
    with exclusive_lock(FOLDER):
        return _install_packages()


def build() -> None:
    """Build dist/ if the sources changed.

    :raises SetupError: npm failed
    """
    with exclusive_lock(FOLDER):
        stamp = _NODE_MODULES / ".built-from"
        if not ((FOLDER / "dist").is_dir() and matches(stamp, _sources_fingerprint())):
            stamp.unlink(missing_ok=True)
            _npm(_install_packages(), "Building the web app", "run", "build")
            stamp.write_text(_sources_fingerprint())  # computed again: the build updates the message catalogs


def _install_packages() -> Node:
    node = find_node()
    current = fingerprint([FOLDER / "package-lock.json", FOLDER / "package.json"], str(node.program))
    stamp = _NODE_MODULES / ".installed"
    if not matches(stamp, current):
        _npm(node, "Installing the web app's packages", "ci", *_CI_OPTIONS)
        stamp.write_text(current)
    return node


def _sources_fingerprint() -> str:
    return fingerprint(files_below(FOLDER, without=_NOT_SOURCES))


def _npm(node: Node, title: str, *arguments: str) -> None:
    log = ROOT / ".venv" / "web-app.log"
    try:
        with step(title):
            commands.run(node.npm_command(*arguments), log=log, folder=FOLDER, env=node.env())
    except commands.CommandFailed as failure:
        raise SetupError(failure_reasons.failure_message(failure.output, doing=title, log=log)) from None
