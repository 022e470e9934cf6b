"""Files with holes, which Windows has to be asked for."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

_SET_SPARSE = 0x900C4  # FSCTL_SET_SPARSE of <winioctl.h>

if sys.platform == "win32":
    import msvcrt

    def make_sparse(descriptor: int) -> None:
        """Let parts that are never written take no space, if the file system can; never raises."""
        mark_sparse(ctypes.WinDLL("kernel32"), msvcrt.get_osfhandle(descriptor))

else:

    def make_sparse(_descriptor: int) -> None:
        """Do nothing: elsewhere, parts that are never written take no space anyway."""


def mark_sparse(kernel32: Any, handle: int) -> bool:  # noqa: ANN401 - a library, or a double
    """Mark the file as sparse; return whether the file system does that."""
    returned = ctypes.c_uint32()
    return bool(
        kernel32.DeviceIoControl(
            ctypes.c_void_p(handle), _SET_SPARSE, None, 0, None, 0, ctypes.byref(returned), None
        )
    )
