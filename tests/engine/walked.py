"""What a walk or a search gives, every file by itself."""

import os
from collections.abc import Iterable, Iterator

from stackgui.engine.sources.walk import Folder, Found, Met, Plain


def one_by_one(met: Iterable[Met]) -> Iterator[Found | Folder]:
    """All that was met; ordinary files that came at once come one after another."""
    for item in met:
        if isinstance(item, Plain):
            yield from (Found(item.source, os.fsencode(path)) for path in item.paths)
        else:
            yield item
