"""Building the web app in frontend/, when something it is made of has changed."""

from embedded import commands, reasons
from embedded.fingerprint import files_below, fingerprint, matches
from embedded.home import ROOT
from embedded.locking import alone_in
from embedded.node import Node, find_node
from embedded.progress import step
from embedded.setup_error import SetupError

FOLDER = ROOT / "frontend"
_PACKAGES = FOLDER / "node_modules"
# npm's own patience with a registry out of reach is more than a minute.
_CI = ("--no-audit", "--no-fund", "--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=8000")
_NOT_SOURCES = frozenset({"node_modules", "dist", "coverage", "tests", "test-results"})


def install_packages() -> Node:
    """Bring node_modules up to date with the lock; the Node it is for.

    :raises SetupError: it cannot be done here
    """
    with alone_in(FOLDER):
        return _install_packages()


def build() -> None:
    """Bring dist/ up to date with the sources.

    :raises SetupError: it cannot be done here
    """
    with alone_in(FOLDER):
        stamp = _PACKAGES / ".built-from"
        if not ((FOLDER / "dist").is_dir() and matches(stamp, _sources())):
            stamp.unlink(missing_ok=True)
            _npm(_install_packages(), "Building the web app", "run", "build")
            stamp.write_text(_sources())  # as they are now: the build brings the lists of messages up to date


def _install_packages() -> Node:
    node = find_node()
    mark = fingerprint([FOLDER / "package-lock.json", FOLDER / "package.json"], str(node.program))
    stamp = _PACKAGES / ".installed"
    if not matches(stamp, mark):
        _npm(node, "Installing the web app's packages", "ci", *_CI)
        stamp.write_text(mark)
    return node


def _sources() -> str:
    return fingerprint(files_below(FOLDER, without=_NOT_SOURCES))


def _npm(node: Node, title: str, *words: str) -> None:
    log = ROOT / ".venv" / "web-app.log"
    try:
        with step(title):
            commands.run(node.npm_command(*words), log=log, folder=FOLDER, env=node.env())
    except commands.CommandFailed as failure:
        raise SetupError(reasons.sentence(failure.output, doing=title, log=log)) from None
