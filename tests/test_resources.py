import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stackgui import resources


def test_a_resource_is_found_in_the_repository():
    assert resources.path("help", "index.md").is_file()
    assert resources.path().is_absolute()


def test_a_missing_resource_is_a_sentence_with_its_name():
    with pytest.raises(FileNotFoundError, match=r"no-such-file.*Reinstall StackGUI"):
        resources.path("no-such-file")


def test_an_installed_package_takes_its_own(tmp_path):
    """As a wheel lays it out, with nothing beside the package."""
    package = tmp_path / "stackgui"
    (package / "_resources").mkdir(parents=True)
    (package / "_resources" / "icon.svg").write_text("<svg/>")
    shutil.copy(resources.__file__, package / "resources.py")
    (package / "__init__.py").touch()
    shown = subprocess.run(
        [sys.executable, "-c", "from stackgui import resources; print(resources.path('icon.svg'))"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(shown.stdout.strip()) == package.resolve() / "_resources" / "icon.svg"
