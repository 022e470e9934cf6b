"""Tells what code that loads a stack has to know of it."""

from __future__ import annotations

import os

from stackgui.core.base.addresses import is_address
from stackgui.core.base.errors import UsageError
from stackgui.core.run.loading import Loadable
from stackgui.core.run.no_folder import no_folder
from stackgui.stores.remote.group import open_group
from stackgui.stores.stack.reader import open_stack


def loadable(stack: str) -> Loadable:
    """Return what code that loads the stack in the folder `stack`, or at that address, has to know of it.

    Raises
    ------
    UsageError
        When the folder does not exist.
    StackguiError
        When the stack is damaged, or its server does not give it.
    """
    if is_address(stack):
        group = open_group(stack)
        return Loadable(stack, group.specs, group.layout, masks=group.masks, at_address=group.holds)
    if not os.path.isdir(stack):
        raise UsageError(no_folder(stack))
    with open_stack(stack) as opened:
        return Loadable(
            opened.path,
            opened.specs,
            opened.layout,
            masks=opened.all_specs[len(opened.specs) :],
            labels=opened.labels is not None,
            several=opened.labels is not None and opened.labels.ndim > 1,
            parts=tuple(opened.parts),
            boxes=opened.objects is not None,
            targets=tuple(opened.target_names),
        )
