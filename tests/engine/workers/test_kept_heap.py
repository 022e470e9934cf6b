"""Workers keep memory that they have freed."""

import subprocess
import sys

import pytest

SCRIPT = """
import ctypes, resource
from stackgui.engine.workers.kept_heap import keep_heap

KEEPS, SIZES = {keeps}, (11 * 2**20, 5 * 2**20, 7 * 2**20, 7 * 2**20, 7 * 2**20)
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]

def sample():
    given = [(libc.malloc(size), size) for size in SIZES]
    for address, size in given:
        ctypes.memset(address, 1, size)
    for address, _size in reversed(given):
        libc.free(address)

if KEEPS:
    keep_heap()
for _ in range(3):
    sample()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    sample()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(*, keeps: bool) -> int:
    script = SCRIPT.format(keeps=keeps)
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return int(ran.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems are not told")
def test_samples_in_a_row_need_no_new_pages():
    if (otherwise := faults(keeps=False)) < 1000:
        pytest.skip("this system's library keeps them by itself")
    assert faults(keeps=True) < otherwise / 10
