"""What a run of the benchmark found, and its JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import Row

FORMAT = 1
"""Changes when what `Record.save` writes means something else."""


@dataclass(frozen=True)
class Outcome:
    """What came of one part.

    Attributes
    ----------
    name, title : str
    seconds : float
        How long it took, its pictures included.
    rows : tuple of Row
    problem : str
        Why it ended early, with the traceback; ``""`` if it did not.
    stolen : float
        Share of all processors' time that the host of a virtual machine gave to others, from 0 to 1.
    """

    name: str
    title: str
    seconds: float
    rows: tuple[Row, ...]
    problem: str = ""
    stolen: float = 0.0


@dataclass(frozen=True)
class Record:
    """One run.

    Attributes
    ----------
    machine : dict
        What `machine.describe` told at the start.
    when : str
        Day and time, UTC.
    pictures : str
        Which pictures were used.
    whole : bool
        Whether it was all of the benchmark, hence may go into the documents.
    rounds, workers : int
    outcomes : tuple of Outcome
    """

    machine: dict[str, Any]
    when: str
    pictures: str
    whole: bool
    rounds: int
    workers: int
    outcomes: tuple[Outcome, ...]

    @property
    def seconds(self) -> float:
        """How long all of it took."""
        return sum(outcome.seconds for outcome in self.outcomes)

    @property
    def stolen(self) -> float:
        """Share of all processors' time that the host gave to others, over all parts."""
        stolen = sum(outcome.stolen * outcome.seconds for outcome in self.outcomes)
        return stolen / self.seconds if self.seconds else 0.0

    @property
    def rows(self) -> list[Row]:
        """All rows, in order."""
        return [row for outcome in self.outcomes for row in outcome.rows]

    @property
    def failed(self) -> list[str]:
        """Names of the parts that ended early."""
        return [outcome.name for outcome in self.outcomes if outcome.problem]

    def save(self, file: Path) -> None:
        """Write it as JSON; ``met`` of a row is derived, for whoever reads it without this program."""
        values = {"format": FORMAT, **asdict(self)}
        for told, outcome in zip(values["outcomes"], self.outcomes, strict=True):
            told["rows"] = [asdict(row) | {"met": row.met} for row in outcome.rows]
        file.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Record:
        """Read what `save` wrote.

        Raises
        ------
        ValueError
            It is no such file, or one of another format.
        """
        try:
            values = json.loads(file.read_text(encoding="utf-8"))
            if values.pop("format") != FORMAT:
                raise ValueError("it is of another version of the benchmark")
            values["outcomes"] = tuple(_outcome(told) for told in values["outcomes"])
            return cls(**values)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("it is no record of the benchmark") from error


def _outcome(told: dict[str, Any]) -> Outcome:
    names = [field.name for field in fields(Row)]
    rows = tuple(Row(**{name: row[name] for name in names}) for row in told.pop("rows"))
    return Outcome(**told, rows=rows)
