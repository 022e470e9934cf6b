"""What is shown while a stack is handed over."""

from __future__ import annotations

from dataclasses import dataclass

from stackgui.core.run.export import ExportChoice, ExportReport
from stackgui.core.run.loading import Loadable
from stackgui.core.run.progress import FillProgress


@dataclass(frozen=True, eq=False, slots=True)
class Offer:
    """What a stack can be handed over as.

    Attributes
    ----------
    loadable : Loadable
        What code that loads it has to know.
    choices : tuple of ExportChoice
    places : mapping of str to str
        A free name for each of them.
    """

    loadable: Loadable
    choices: tuple[ExportChoice, ...]
    places: dict[str, str]


@dataclass(frozen=True, eq=False, slots=True)
class Handed:
    """The state of handing a stack over.

    Attributes
    ----------
    stack : str
    offer : Offer or None
        None until the stack has been looked at.
    target : str
        What is being made, or ``""``.
    tried : str
        What was begun last, of which `report`, `cancelled` and `problem` tell; or ``""``.
    progress : FillProgress or None
    report : ExportReport or None
        Of what was made last.
    cancelled : bool
        Whether the last one was cancelled.
    problem, details : str
        Why something failed, and a traceback if that is a fault of the program; else ``""``.
    """

    stack: str = ""
    offer: Offer | None = None
    target: str = ""
    tried: str = ""
    progress: FillProgress | None = None
    report: ExportReport | None = None
    cancelled: bool = False
    problem: str = ""
    details: str = ""
