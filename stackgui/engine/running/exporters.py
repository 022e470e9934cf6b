"""The exporters by name; cheap to import, because the command line reads them at every start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackgui.core.base.errors import UsageError
from stackgui.core.base.wording import say
from stackgui.core.run.export import ExportChoice, export_notes
from stackgui.stores.export import EXPORTERS, Exporter, missing_packages

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack


def described() -> dict[str, tuple[str, str]]:
    """Return what each exporter makes and for whom, by its name."""
    return {each.name: (each.title, each.audience) for each in EXPORTERS.values()}


def export_choices(stack: str) -> tuple[ExportChoice, ...]:
    """Return what can be made of a stack, and what is in the way; raises StackguiError."""
    from stackgui.stores.stack.reader import open_stack  # noqa: PLC0415 - slow, and not needed by the others

    with open_stack(stack) as opened:
        return tuple(
            ExportChoice(
                each.name, each.title, each.audience, each.suffix,
                missing_packages(each), problem := each.problem(opened),
                0 if problem else each.size_bytes(opened),
                () if problem else tuple(_notes(opened, each)),
            )
            for each in EXPORTERS.values()
        )  # fmt: skip


def _notes(stack: Stack, exporter: Exporter) -> list[str]:
    from stackgui.stores.export.things import left_out, told_rows  # noqa: PLC0415 - as above

    return export_notes(
        *told_rows(stack), left_out(stack, exporter.lacks(stack)), keeps_all=exporter.keeps_all
    )


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
