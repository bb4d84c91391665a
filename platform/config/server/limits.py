"""The limits of one web process."""

from dataclasses import dataclass

KIB, MIB = 1024, 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How many requests a process runs, and how long and how large their parts may be. Times in seconds."""

    threads: int = 4
    """Requests that run at the same time, besides one upload."""
    waiting: int = 128
    """Requests that wait for a thread. The next one gets 503."""
    wait: float = 4.0
    """How long a request waits for a thread before it gets 503."""
    body_start: float = 15.0
    """Time for a body of any size. A larger body gets more time, see `body_rate`."""
    body_rate: int = 20 * KIB
    """The slowest rate in bytes per second at which a client may send a body or receive a download."""
    body_in_memory: int = 3 * MIB
    """Larger bodies are uploads, which a thread reads. Django refuses other form data above 2.5 MiB."""
    response_in_memory: int = 4 * MIB
    """Larger responses are downloads, which a thread sends, one at a time."""
    body: int = 1024 * MIB
    """The largest body. A larger one gets 413."""
    memory: int = 64 * MIB
    """Bodies above 64 KiB that are in memory at the same time, in bytes."""
    connections: int = 4096
    """Open connections. Further ones wait in the kernel."""

    def body_seconds(self, size: int) -> float:
        """Return the time that a client has to send or receive `size` bytes."""
        return self.body_start + size / self.body_rate
