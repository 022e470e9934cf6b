"""Reads YAML that nobody vouches for; imported when there is some, since the library takes time to load."""

from __future__ import annotations

import yaml

MAX_DEPTH = 20
"""Deepest nesting of lists and mappings; no list of names needs half of it."""


class _Loader(yaml.BaseLoader):  # type: ignore[misc]  # published without types
    """Reads YAML to texts, lists and dicts: ``no`` stays a name, and no alias grows a billion others."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        # Each level takes longer than the one above it.
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise yaml.YAMLError("nested too deeply")
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


def read(text: str) -> object:
    """Return what a YAML file says, in texts, lists and dicts.

    Raises
    ------
    ValueError
        If it cannot be read.
    """
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - it makes nothing but texts, lists and dicts
    except (yaml.YAMLError, RecursionError) as problem:
        raise ValueError("no YAML") from problem
