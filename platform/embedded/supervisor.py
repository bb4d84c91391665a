"""Keeps programs running: one that ends is started again, and all are stopped in order at the end."""

import time
from dataclasses import dataclass

from embedded import leftovers, programs
from embedded.home import Home
from embedded.programs import Program, Running
from embedded.progress import say

PATIENCE = (9.0, 7.0)
"""Seconds for the product's programs to end by themselves, then for the servers they lean on."""
_LONGEST_PAUSE = 30.0
_STEADY_AFTER = 60.0
"""Seconds after which a program counts as running well: its next end is a first one again."""


@dataclass
class _Watched:
    running: Running
    since: float
    ends: int = 0
    start_at: float | None = None
    """When it is to be started again; None while it runs."""


class Supervisor:
    """Starts programs for `home`. To be used by one thread, the main one: programs end with their starter."""

    def __init__(self, home: Home, *, stopped_last: tuple[str, ...] = ()) -> None:
        self.home = home
        self._stopped_last = stopped_last
        self._watched: dict[str, _Watched] = {}
        self._record = home.path / "running.json"

    def launch(self, program: Program) -> Running:
        """Start `program` and watch over it from now on, with a new log; the last one is kept beside it."""
        log = self.home.log(program.name)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        return self._start(program).running

    def tend(self) -> None:
        """Look once after every program; start again what ended, later each time it ends."""
        for watched in list(self._watched.values()):
            if watched.start_at is None:
                self._notice_end(watched)
            elif time.monotonic() >= watched.start_at:
                self._start(watched.running.program, ends=watched.ends)

    def watch(self) -> None:
        """Tend the programs until we are interrupted."""
        while True:
            self.tend()
            time.sleep(0.2)

    def ends_of(self, name: str) -> int:
        """How often the program `name` has ended lately without being asked to."""
        return self._watched[name].ends

    def stop(self) -> None:
        """Stop every program within the sum of PATIENCE: those that lean on the others first."""
        last = [watched.running for name, watched in self._watched.items() if name in self._stopped_last]
        first = [watched.running for name, watched in self._watched.items() if name not in self._stopped_last]
        self._watched.clear()
        programs.stop(first, seconds=PATIENCE[0])
        programs.stop(last, seconds=PATIENCE[1])
        self._record.unlink(missing_ok=True)

    def _start(self, program: Program, *, ends: int = 0) -> _Watched:
        running = programs.start(program, self.home.log(program.name))
        self._watched[program.name] = _Watched(running, since=time.monotonic(), ends=ends)
        leftovers.remember(self._record, [watched.running for watched in self._watched.values()])
        return self._watched[program.name]

    def _notice_end(self, watched: _Watched) -> None:
        status = watched.running.process.poll()
        if status is None:
            return
        programs.kill_group(watched.running)
        now = time.monotonic()
        watched.ends = 1 if now - watched.since > _STEADY_AFTER else watched.ends + 1
        pause = min(_LONGEST_PAUSE, 0.5 * 2 ** (watched.ends - 1))
        watched.start_at = now + pause
        name = watched.running.program.name
        how = f"status {status}" if status >= 0 else f"signal {-status}"
        say(f"{name} ended ({how}): restarting it in {pause:g} s. Log: {self.home.log(name)}")
