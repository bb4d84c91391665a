"""Keeps programs running: restarts those that end, and stops all of them in order."""

import time
from dataclasses import dataclass

from embedded import orphaned_processes, programs
from embedded.programs import Program, Running
from embedded.progress import say
from embedded.run_folder import Home

STOP_TIMEOUTS = (9.0, 7.0)
"""Seconds to wait for the product's programs to stop, then for the servers they depend on."""
_MAX_PAUSE = 30.0
_STABLE_AFTER = 60.0
"""Seconds after which a program counts as stable: its number of ends starts again at zero."""


@dataclass
class _Watched:
    running: Running
    since: float
    ends: int = 0
    start_at: float | None = None
    """When to restart it (time.monotonic); None while it runs."""


class Supervisor:
    """Starts and watches programs for `home`. Use it in the main thread only, see `programs.start`."""

    def __init__(self, home: Home, *, stopped_last: tuple[str, ...] = ()) -> None:
        self.home = home
        self._stopped_last = stopped_last
        self._watched: dict[str, _Watched] = {}
        self._pid_file = home.path / "running.json"

    def launch(self, program: Program) -> Running:
        """Start `program` with a new log and watch it from now on. The previous log gets the suffix .1."""
        log = self.home.log(program.name)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        return self._start(program).running

    def restart_ended(self) -> None:
        """Check every program once and restart those that ended, after a pause that doubles with each end."""
        for watched in list(self._watched.values()):
            if watched.start_at is None:
                self._check(watched)
            elif time.monotonic() >= watched.start_at:
                self._start(watched.running.program, ends=watched.ends)

    def watch(self) -> None:
        """Call `restart_ended` until the process is interrupted."""
        while True:
            self.restart_ended()
            time.sleep(0.2)

    def unexpected_ends(self, name: str) -> int:
        """Return how often the program `name` has ended unexpectedly in recent time."""
        return self._watched[name].ends

    def stop(self) -> None:
        """Stop every program within the sum of STOP_TIMEOUTS, those in `stopped_last` after all others."""
        last = [watched.running for name, watched in self._watched.items() if name in self._stopped_last]
        first = [watched.running for name, watched in self._watched.items() if name not in self._stopped_last]
        self._watched.clear()
        programs.stop_all(first, seconds=STOP_TIMEOUTS[0])
        programs.stop_all(last, seconds=STOP_TIMEOUTS[1])
        self._pid_file.unlink(missing_ok=True)

    def _start(self, program: Program, *, ends: int = 0) -> _Watched:
        running = programs.start(program, self.home.log(program.name))
        self._watched[program.name] = _Watched(running, since=time.monotonic(), ends=ends)
        orphaned_processes.record_processes(
            self._pid_file, [watched.running for watched in self._watched.values()]
        )
        return self._watched[program.name]

    def _check(self, watched: _Watched) -> None:
        status = watched.running.process.poll()
        if status is None:
            return
        programs.kill_group(watched.running)
        now = time.monotonic()
        watched.ends = 1 if now - watched.since > _STABLE_AFTER else watched.ends + 1
        pause = min(_MAX_PAUSE, 0.5 * 2 ** (watched.ends - 1))
        watched.start_at = now + pause
        name = watched.running.program.name
        reason = f"status {status}" if status >= 0 else f"signal {-status}"
        say(f"{name} ended ({reason}): restarting it in {pause:g} s. Log: {self.home.log(name)}")
