"""What the figures of benchmarks are held to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure must come to, else its benchmark fails, and what it aims at.

    Less is better where the aim is the lower of the two.
    """

    must: float
    aim: float

    def __str__(self) -> str:
        return f"must: {self.must:g}, aim: {self.aim:g}"

    def holds(self, figure: float) -> bool:
        """Whether it is what it must be."""
        return figure >= self.must if self.aim > self.must else figure <= self.must
