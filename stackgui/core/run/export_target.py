"""Whether something can be written to an address, as far as its text tells."""

from __future__ import annotations

from stackgui.core.base.addresses import address_in, is_on_web, normal, redacted, secret_in
from stackgui.core.base.extras import REMOTE
from stackgui.core.base.text import printable
from stackgui.core.base.typed_addresses import other_scheme
from stackgui.core.base.wording import Wording, say


def address_problem(address: str, suffix: str) -> str:
    """Return why nothing can be written to an address, as a sentence, or ``""``; asks no server.

    Parameters
    ----------
    address : str
    suffix : str
        What its name has to end in, if it matters.
    """
    lacking = "" if REMOTE.is_there else REMOTE.lacking
    return _not_in_bucket(address) or no_place(address, suffix) or lacking


def _not_in_bucket(address: str) -> str:
    shown = printable(redacted(address))
    if wrong := other_scheme(address):
        return wrong
    if why := secret_in(address):
        return say("{address} cannot be used: {reason}.", address=shown, reason=why)
    if is_on_web(address):
        return say(
            "{shown} can only be read. Choose a place in a bucket (s3://, gs://, az://) or on this computer.",
            shown=shown,
        )
    return ""


def no_place(address: str, suffix: str) -> Wording:
    """Return why an address names no place in a bucket, as a sentence, or ``""``."""
    shown, start = printable(redacted(address)), address_in(address)
    if (rest := address[len(start) :]).startswith("/"):
        return say(
            "{shown} names no bucket. Type its name behind the two slashes: {example}.",
            shown=shown,
            example=f"{start}bucket{printable(rest)}",
        )
    bucket, _slash, name = normal(address)[len(start) :].partition("/")
    if not bucket or not name:
        return say(
            "{shown} names no place in a bucket. Add one, such as {example}.",
            shown=shown,
            example=f"{start}{printable(bucket) or 'bucket'}/name{suffix}",
        )
    if not name.endswith(suffix) or not name.rpartition("/")[2].removesuffix(suffix):
        return say("{shown} does not end in {suffix}. Choose a name that does.", shown=shown, suffix=suffix)
    return say("")
