"""Tasks that do to a worker what a bad decoder would."""

import os
import time
from collections.abc import Sequence


def square(numbers: Sequence[int]) -> list[int]:
    """Well behaved, but a negative number kills the worker and zero hangs it."""
    for number in numbers:
        if number < 0:
            os.abort()
        if number == 0:
            time.sleep(60)
    return [number * number for number in numbers]


def die() -> None:
    """Kill whatever worker runs this."""
    os.abort()
