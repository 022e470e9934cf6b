"""Sentences about stacks in buckets."""

from __future__ import annotations

from stackgui.core.base.choice_table import choices_of
from stackgui.core.base.choices import Container, Storage
from stackgui.core.base.text import printable
from stackgui.core.base.wording import joined, say
from stackgui.core.options.options import Options
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.texts.language import tr

ASK = say("Press Return: then the server is asked whether a stack can be saved there.")

NOT_THERE = say("In a bucket this makes no difference: a stack is a group of Zarr there.")
"""What is said beside a choice that only stacks in folders have."""

NO_PAGE = say("Only a stack in a folder can have one, not one in a bucket.")


def idle_choices(options: Options, run: RunOptions) -> str:
    """Say which of the choices that somebody made are without effect in a bucket; ``""`` for none."""
    made = {
        "storage": (RunOptions, run.storage is not Storage.AUTO),
        "container": (Options, options.container is not Container.NPY),
    }
    names = [tr(choices_of(table)[name].caption) for name, (table, is_made) in made.items() if is_made]
    if not names:
        return ""
    return tr(
        "In a bucket a stack is a group of Zarr, and these make no difference: {names}.",
        names=joined(", ", names),
    )


def where_it_is(address: str) -> str:
    """Say where a stack is, and what can be done with it there."""
    return tr(
        "It is at {address}, as a group of Zarr, which Python opens there. Only a stack in a folder can be "
        "handed over, updated or repaired.",
        address=printable(address),
    )
