"""The address of a stack that somebody types to open it, and why it may be none."""

from __future__ import annotations

import posixpath

from stackgui.core.base.addresses import is_address, is_on_web, normal, redacted, secret_in
from stackgui.core.base.extras import REMOTE
from stackgui.core.base.text import printable
from stackgui.core.base.typed_addresses import (
    FROM_ENVIRONMENT,
    Typed,
    about_keys,
    is_local,
    other_scheme,
    parts_of,
)
from stackgui.core.base.wording import Wording, say
from stackgui.core.run.export_target import no_place

NO_STACK = say("The address of a stack in a bucket begins with s3://, gs:// or az://.")

_DESCRIPTION = "zarr.json"
"""What a server lists of a stack, and people copy."""


def typed_stack(text: str) -> Typed:
    """Return the address of a stack in a bucket, if `text` may be one; asks no server."""
    if not REMOTE.is_there:
        return Typed((), (REMOTE.lacking,), FROM_ENVIRONMENT, NO_STACK)
    parts = parts_of(text)
    if not parts:
        return Typed((), (), FROM_ENVIRONMENT, NO_STACK)
    why = _obstacle(parts[0]) if len(parts) == 1 else say("Open one stack after the other.")
    if why:
        return Typed((), (why,), about_keys(part for part in parts if not is_on_web(part)), NO_STACK)
    place = _place(parts[0])
    return Typed(
        (place,), (), about_keys(parts), say("Press Return to open {address}.", address=printable(place))
    )


def _place(address: str) -> str:
    place = normal(address)
    return posixpath.dirname(place) if posixpath.basename(place) == _DESCRIPTION else place


def _obstacle(text: str) -> Wording:
    """Return why `text` is no address of a stack in a bucket, as a sentence; empty if it may be one."""
    if not is_address(text):
        if is_local(text):
            return say("{path} is on this computer: use Open stack….", path=printable(text))
        return other_scheme(text) or NO_STACK
    shown = printable(redacted(text))
    if why := secret_in(text):
        return say("{address} cannot be used: {reason}.", address=shown, reason=why)
    if is_on_web(text):
        return say(
            "{address} is on the web, but stacks are opened in buckets. {begins}",
            address=shown,
            begins=NO_STACK,
        )
    return no_place(text if "://" in text else normal(text), "")
