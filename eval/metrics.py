"""Shares of rows, with their uncertainty."""

import math
from dataclasses import dataclass

# The 97.5 % point of the normal distribution: intervals hold the true share 95 times in 100.
Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Proportion:
    """So many of so many rows; of no rows at all the share is unknown.

    Attributes:
        count: Rows of which it is true.
        total: All rows; none is ever left out of it.
    """

    count: int
    total: int

    @property
    def share(self) -> float | None:
        """The share, in [0, 1]; None of no rows."""
        return self.count / self.total if self.total else None

    @property
    def interval_95(self) -> tuple[float, float]:
        """The 95 % Wilson score interval of the share; (0, 1) of no rows.

        Source: Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
        """
        if not self.total:
            return 0.0, 1.0
        share, total = self.count / self.total, self.total
        denominator = 1 + Z_95**2 / total
        centre = (share + Z_95**2 / (2 * total)) / denominator
        half_width = Z_95 * math.sqrt(share * (1 - share) / total + Z_95**2 / (4 * total**2)) / denominator
        return max(0.0, centre - half_width), min(1.0, centre + half_width)
