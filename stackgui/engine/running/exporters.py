"""The exporters by name; cheap to import, because the command line reads them at every start."""

from __future__ import annotations

from stackgui.core.base.errors import UsageError
from stackgui.core.base.wording import say
from stackgui.stores.export import EXPORTERS


def described() -> dict[str, tuple[str, str]]:
    """Return what each exporter makes and for whom, by its name."""
    return {each.name: (each.title, each.audience) for each in EXPORTERS.values()}


def known_exporter(name: str) -> str:
    """Return `name` if an exporter has it; raises UsageError."""
    if name not in EXPORTERS:
        raise UsageError(
            say(
                "“{name}” is not an export; choose one of {exporters}.",
                name=name,
                exporters=", ".join(EXPORTERS),
            )
        )
    return name
