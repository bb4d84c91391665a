"""The processes of `make dev`: those of the demo, but changed code takes effect while they run.

The browser talks to Vite's dev server on PORT. Vite serves the modules of the web app below /static/app/ and
passes every other request on to granian with its Host header, so all addresses are those of the demo.
"""

import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import replace

from embedded import application, database_logins, web_app
from embedded.node import Node
from embedded.programs import Program
from embedded.run_folder import ROOT, Home

_ENTRY = "dev.ts"
_WATCHED = [str(ROOT / name) for name in ("tenants", "clinics", "scheduling", "notifications", "platform")]


def settings(home: Home) -> dict[str, str]:
    """Return the settings that differ from the demo's: the page loads the web app's source through Vite."""
    folder = home.path / "dev-web"
    manifest = folder / ".vite" / "manifest.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps({_ENTRY: {"file": _ENTRY, "isEntry": True}}))
    return {"DJANGO_SETTINGS_MODULE": "embedded.dev_settings", "WEB_DIST": str(folder)}


def programs(home: Home, env: Mapping[str, str], *, port: int) -> list[Program]:
    """Return web, worker, delivery and beat, each restarted when a Python file changes."""
    _, *background = application.programs(home, env, port=port)
    return [_web(env, port=port), *(_restarting(program) for program in background)]


def vite(node: Node, *, port: int, web_port: int) -> Program:
    """Return Vite's dev server on `port`, in front of the web process on `web_port`."""
    script = web_app.FOLDER / "node_modules" / "vite" / "bin" / "vite.js"
    return Program(
        name="vite",
        argv=(str(node.program), str(script), "--port", str(port)),
        env=node.env() | {"BACKEND": f"http://127.0.0.1:{web_port}", "NO_COLOR": "1"},
        folder=web_app.FOLDER,
    )


def _web(env: Mapping[str, str], *, port: int) -> Program:
    folders = [argument for folder in _WATCHED for argument in ("--reload", folder)]
    options = ["--port", str(port), "--workers", "1", "--threads", "4", "--kill-timeout", "1"]
    return Program(
        name="web",
        argv=(sys.executable, "-m", "config.server", *options, *folders),
        env=database_logins.without_owner(env) | {"DB_POOL": "1"},
        folder=ROOT,
    )


def _restarting(program: Program) -> Program:
    """Return `program`, restarted when a Python file changes."""
    command = shlex.join(program.argv)
    watch = ("-m", "watchfiles", "--filter", "python", "--sigint-timeout", "5")
    return replace(program, argv=(sys.executable, *watch, command, *_WATCHED))
