"""Where the scheduler of a cluster is found."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say

LOCAL = "local:"
FILE_SUFFIX = ".json"

_URL = re.compile(r"\w+://(\[[^]]+\]|[^:/]+)(:[0-9]+)?(/.*)?")

MAX_LOCAL_WORKERS = 256


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """The address of a cluster; exactly one of the fields says where it is.

    Attributes
    ----------
    local_workers : int
        Workers to start on this computer, for a cluster that ends with the job.
    url : str
        Such as ``"tcp://host:8786"``.
    file : str
        Absolute path of a scheduler file, in which the scheduler writes its address.
    """

    local_workers: int = 0
    url: str = ""
    file: str = ""

    @classmethod
    def parse(cls, text: str) -> ClusterAddress:
        """Read what a person typed: ``local:N``, an address, or the name of a scheduler file.

        Raises
        ------
        UsageError
            When it is none of them.
        """
        text = text.strip()
        if text.startswith(LOCAL):
            count = text.removeprefix(LOCAL)
            if count.isascii() and count.isdecimal() and 0 < int(count) <= MAX_LOCAL_WORKERS:
                return cls(local_workers=int(count))
        elif "://" in text:
            url = text.rstrip(".")  # of the sentence from which it was copied
            if _URL.fullmatch(url):
                return cls(url=url)
        elif text.endswith(FILE_SUFFIX) or os.path.isfile(text):
            return cls(file=os.path.abspath(text))
        raise UsageError(
            say(
                "“{text}” is not the address of a cluster. Write that of its scheduler, such as "
                "tcp://host:8786, the name of its scheduler file, or local:2 for two workers on this "
                "computer.",
                text=printable(text),
            )
        )

    def __str__(self) -> str:
        return self.url or self.file or f"{LOCAL}{self.local_workers}"
