"""The one way to the data files that come with the program."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_resources"  # where a wheel and a bundle put the folder
_CHECKED_OUT = _PACKAGE.parent / "resources"  # where it lies in the repository, hence in an editable install


def path(*parts: str) -> Path:
    """Give the path of a file or folder that comes with the program.

    Parameters
    ----------
    *parts
        Names below the folder of resources, as in ``path("samples", "broken.jpg")``.

    Returns
    -------
    Path
        An absolute path that exists. The file is not to be changed.

    Raises
    ------
    FileNotFoundError
        There is no such resource: the program is not completely installed.
    """
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKED_OUT
    found = folder.joinpath(*parts)
    if not found.exists():
        raise FileNotFoundError(
            f"A part of StackGUI is missing: {found}. Install the program again to mend this."
        )
    return found
