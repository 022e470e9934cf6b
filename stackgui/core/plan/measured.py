"""Figures of all samples (range, mean, deviation) that some options need before the first row is written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DIGITS = 9
"""Significant digits of a mean that do not depend on the order in which its parts were added."""


@dataclass(frozen=True, eq=False, slots=True)
class Moments:
    """Count, mean and spread of finite values, for each of c channels.

    Attributes
    ----------
    count, mean, squares : float64, shape (c,)
        `squares` is the sum of the squared differences from the mean.
    low, high : float
        Least and greatest value of all channels; infinite if there is no value.
    """

    count: NDArray[np.float64]
    mean: NDArray[np.float64]
    squares: NDArray[np.float64]
    low: float = math.inf
    high: float = -math.inf

    @classmethod
    def none_of(cls, channels: int) -> Moments:
        """Return the moments of no values."""
        return cls(np.zeros(channels), np.zeros(channels), np.zeros(channels))

    @classmethod
    def of(cls, pixels: NDArray[np.float64]) -> Moments:
        """Return the moments of pixels of shape (h, w, c)."""
        values = pixels.reshape(-1, pixels.shape[2])
        finite = np.isfinite(values)
        if not finite.any():
            return cls.none_of(values.shape[1])
        count = finite.sum(axis=0).astype(np.float64)
        mean = values.sum(axis=0, where=finite) / np.maximum(count, 1)
        squares = np.square(values - mean).sum(axis=0, where=finite)
        low = float(values.min(where=finite, initial=math.inf))
        return cls(count, mean, squares, low, float(values.max(where=finite, initial=-math.inf)))

    def joined(self, other: Moments) -> Moments:
        """Return the moments of the values of both."""
        count = self.count + other.count
        share = other.count / np.maximum(count, 1)
        apart = other.mean - self.mean
        return Moments(
            count,
            self.mean + apart * share,
            self.squares + other.squares + np.square(apart) * self.count * share,
            min(self.low, other.low),
            max(self.high, other.high),
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of all placed pixels of a plan, without padding and failed samples.

    Attributes
    ----------
    low, high : float
        Least and greatest value.
    mean, std : tuple of float
        Mean and standard deviation of each channel; 1 as the deviation of a constant channel, so that it can
        be divided by.
    """

    low: float
    high: float
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def of(cls, parts: Iterable[Moments], channels: int) -> Measured:
        """Join the moments of parts; without any values, return low 0, high 1, mean 0 and deviation 1."""
        total = Moments.none_of(channels)
        for part in parts:
            total = total.joined(part)
        if total.low > total.high:
            return cls(0.0, 1.0, (0.0,) * channels, (1.0,) * channels)
        deviation = np.sqrt(total.squares / np.maximum(total.count, 1))
        return cls(
            total.low,
            total.high,
            tuple(_rounded(value) for value in total.mean.tolist()),
            tuple(_rounded(value) or 1.0 for value in deviation.tolist()),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return {"low": self.low, "high": self.high, "mean": list(self.mean), "std": list(self.std)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Measured:
        """Rebuild the figures from `to_json`."""
        mean, std = (tuple(map(float, value[name])) for name in ("mean", "std"))
        return cls(float(value["low"]), float(value["high"]), mean, std)


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
