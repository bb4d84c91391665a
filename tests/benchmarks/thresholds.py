"""Thresholds for the figures of benchmarks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Threshold:
    """The value that a figure must reach for its benchmark to pass, and the value to aim for.

    Lower is better if `aim` is below `must`.
    """

    must: float
    aim: float

    def __str__(self) -> str:
        return f"must: {self.must:g}, aim: {self.aim:g}"

    def is_met(self, figure: float) -> bool:
        """Whether the figure passes."""
        return figure >= self.must if self.aim > self.must else figure <= self.must
