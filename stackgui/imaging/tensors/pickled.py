"""A safe pickle parser, which returns plain values and never runs code.

`pickletools` splits the pickle into opcodes. Only those that describe tensors are interpreted, functions and
classes are kept as names, and anything else is refused.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say


class Name(NamedTuple):
    """The name of a function or class, which is never imported."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class Persistent(NamedTuple):
    """A persistent ID: a reference to data stored outside the pickle."""

    values: tuple[Any, ...]


@dataclass(eq=False, slots=True)
class Call:
    """A call that unpickling would make, and the items that it would set on the result."""

    function: Name
    arguments: tuple[Any, ...]
    items: dict[Any, Any] = field(default_factory=dict)


_MARK = object()
_PUSHED = frozenset({
    "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8",
})  # fmt: skip
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_TUPLES = {"EMPTY_TUPLE": 0, "TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_IGNORED = frozenset({"PROTO", "FRAME", "STOP"})


def read(pickle: bytes) -> object:
    """Parse `pickle` into the value that it describes.

    Returns
    -------
    object
        None, numbers, text, tuples, lists, dictionaries, and instances of the classes of this module.

    Raises
    ------
    SampleError
        When it contains anything else, or is damaged.
    """
    machine = _Machine()
    try:
        for instruction, argument, _place in pickletools.genops(pickle):
            machine.follow(instruction.name, argument)
        (value,) = machine.stack
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise SampleError(say("the tensor's header is damaged")) from error
    return value


class _Machine:
    """The pickle machine: its stack and memo."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self._actions: dict[str, Callable[[], None]] = {
            "MARK": lambda: self.stack.append(_MARK),
            "EMPTY_DICT": lambda: self.stack.append({}),
            "EMPTY_LIST": lambda: self.stack.append([]),
            "TUPLE": lambda: self.stack.append(tuple(self._marked())),
            "STACK_GLOBAL": lambda: self.stack.append(Name(*self._text(2))),
            "BINPERSID": lambda: self.stack.append(Persistent(tuple(self.stack.pop()))),
            "REDUCE": self._reduce,
            "BUILD": self._forget,
            "SETITEM": lambda: self._set(self._pop(2)),
            "SETITEMS": lambda: self._set(self._marked()),
            "APPEND": lambda: self._extend(self._pop(1)),
            "APPENDS": lambda: self._extend(self._marked()),
        }

    def follow(self, name: str, argument: Any) -> None:  # noqa: ANN401 - of any type
        """Execute one opcode."""
        if name in _PUSHED:
            self.stack.append(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        elif name in _TUPLES:
            self.stack.append(tuple(self._pop(_TUPLES[name])))
        elif name in ("BINPUT", "LONG_BINPUT"):
            self._memo[argument] = self.stack[-1]
        elif name == "MEMOIZE":
            self._memo[len(self._memo)] = self.stack[-1]
        elif name in ("BINGET", "LONG_BINGET"):
            self.stack.append(self._memo[argument])
        elif name == "GLOBAL":
            self.stack.append(Name(*argument.split(" ", 1)))
        elif name in self._actions:
            self._actions[name]()
        elif name not in _IGNORED:
            raise SampleError(say("it holds more than tensors ({name})", name=name))

    def _forget(self) -> None:
        # The state of an object, such as the metadata of a dictionary, is not needed.
        self._pop(1)

    def _pop(self, count: int) -> list[Any]:
        if count > len(self.stack):
            raise IndexError(count)
        taken = self.stack[len(self.stack) - count :]
        del self.stack[len(self.stack) - count :]
        return taken

    def _marked(self) -> list[Any]:
        """Pop everything down to the last mark, and the mark itself."""
        count = next(i for i, value in enumerate(reversed(self.stack)) if value is _MARK)
        taken = self._pop(count)
        self.stack.pop()
        return taken

    def _text(self, count: int) -> list[str]:
        taken = self._pop(count)
        if not all(isinstance(text, str) for text in taken):
            raise TypeError(taken)
        return taken

    def _reduce(self) -> None:
        function, arguments = self._pop(2)
        if not isinstance(function, Name) or not isinstance(arguments, tuple):
            raise TypeError(function)
        self.stack.append(Call(function, arguments))

    def _set(self, pairs: list[Any]) -> None:
        target = self.stack[-1]
        items = target.items if isinstance(target, Call) else target
        if not isinstance(items, dict):
            raise TypeError(target)
        items.update(zip(pairs[::2], pairs[1::2], strict=True))

    def _extend(self, values: list[Any]) -> None:
        if not isinstance(self.stack[-1], list):
            raise TypeError(self.stack[-1])
        self.stack[-1].extend(values)
