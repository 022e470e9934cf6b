"""Limits the memory of this process on Windows, by means of a job object."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

_EXTENDED_LIMIT_INFORMATION = 9
_LIMIT_PROCESS_MEMORY = 0x100


class _Basic(ctypes.Structure):
    """``JOBOBJECT_BASIC_LIMIT_INFORMATION``."""

    _fields_ = (
        ("per_process_user_time_limit", ctypes.c_int64),
        ("per_job_user_time_limit", ctypes.c_int64),
        ("limit_flags", ctypes.c_uint32),
        ("minimum_working_set_size", ctypes.c_size_t),
        ("maximum_working_set_size", ctypes.c_size_t),
        ("active_process_limit", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class Limits(ctypes.Structure):
    """``JOBOBJECT_EXTENDED_LIMIT_INFORMATION``."""

    _fields_ = (
        ("basic", _Basic),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory_limit", ctypes.c_size_t),
        ("job_memory_limit", ctypes.c_size_t),
        ("peak_process_memory_used", ctypes.c_size_t),
        ("peak_job_memory_used", ctypes.c_size_t),
    )


if sys.platform == "win32":

    def limit_memory(size_bytes: int) -> None:
        """Limit the memory that this process may commit to `size_bytes`; raises OSError."""
        if not enter_job(ctypes.WinDLL("kernel32", use_last_error=True), size_bytes):
            raise ctypes.WinError(ctypes.get_last_error())


def enter_job(kernel32: Any, size_bytes: int) -> bool:  # noqa: ANN401 - a library, or a double
    """Put this process into a new job that limits each process to `size_bytes`; return whether that worked.

    The job's handle is never closed, so the job lasts as long as the process.
    """
    kernel32.CreateJobObjectW.restype = kernel32.GetCurrentProcess.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel32.CreateJobObjectW(None, None))
    limits = Limits()
    limits.basic.limit_flags = _LIMIT_PROCESS_MEMORY
    limits.process_memory_limit = size_bytes
    return bool(
        job.value
        and kernel32.SetInformationJobObject(
            job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        and kernel32.AssignProcessToJobObject(job, ctypes.c_void_p(kernel32.GetCurrentProcess()))
    )
