"""Printing to a terminal, a file or a pipe, whatever its encoding, and whoever reads it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from typing import TextIO

_READER_IS_GONE = (errno.EPIPE, errno.EIO)
"""Errors of a pipe whose reader has ended, and of a terminal that was closed."""


def print_to_stream(text: str, stream: TextIO) -> None:
    """Print `text` and a line break; raises OSError, but not if the reader has ended."""
    print_parts([text], stream)


def print_parts(parts: Iterable[str], stream: TextIO) -> None:
    """Print a text in `parts`, and a line break; raises OSError, but not if the reader has ended."""
    try:
        for part in parts:
            # Names may contain characters that the terminal's encoding lacks.
            stream.buffer.write(part.encode(stream.encoding or "utf-8", "backslashreplace"))
        stream.buffer.write(b"\n")
        stream.flush()
    except OSError as error:
        # Otherwise Python would complain again when it flushes the stream at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if error.errno not in _READER_IS_GONE:
            raise
