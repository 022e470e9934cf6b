"""Find the data files that come with the program."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_resources"  # in a wheel or a bundle
_CHECKED_OUT = _PACKAGE.parent / "resources"  # in the repository, hence in an editable install


@cache
def is_installed() -> bool:
    """Return whether the program runs from where it was installed, not from a checkout."""
    return _INSTALLED.is_dir()


@cache
def path(*parts: str) -> Path:
    """Return the path of a file or folder that comes with the program.

    Parameters
    ----------
    *parts
        Names below the resources folder, as in ``path("samples", "broken.jpg")``.

    Returns
    -------
    Path
        An existing absolute path. Do not change what is there.

    Raises
    ------
    FileNotFoundError
        When there is no such resource, because the program is not completely installed.
    """
    folder = _INSTALLED if is_installed() else _CHECKED_OUT
    found = folder.joinpath(*parts)
    if not found.exists():
        raise FileNotFoundError(f"A part of StackGUI is missing: {found}. Reinstall StackGUI.")
    return found
