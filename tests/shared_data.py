"""The shared pictures that are too large for the repository: where they are, and unpacking them."""

import os
import tarfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def archive(name: str) -> Path:
    """Where ``<name>.tar`` is, if it is anywhere."""
    folder = Path(os.environ.get("STACKGUI_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
    return folder / f"{name}.tar"


def unpack(name: str, target: Path) -> Path:
    """Unpack ``<name>.tar`` into `target` and give the folder ``<name>`` in it."""
    with tarfile.open(archive(name)) as tar:
        # An attribute, because Debian 12's Python 3.11.2 knows neither the argument nor the filter.
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        tar.extractall(target)
    return target / name
