"""The set-up scripts are no package, so they are imported as Python does when one of them is run."""

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

SCRIPTS = (
    "installing", "showing", "environment", "system", "run", "filling", "bundled", "renewing",
    "reaching", "trimming", "measured", "control", "metainfo", "manual", "bare_system",
    "bundling", "listing",
    "for_windows", "for_macos",
)  # fmt: skip


@pytest.fixture
def scripts(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, ModuleType]]:
    """The modules by name, freshly imported and forgotten after the test."""
    monkeypatch.syspath_prepend(request.config.rootpath / "packaging")
    yield {name: importlib.import_module(name) for name in SCRIPTS}
    for name in SCRIPTS:
        del sys.modules[name]


@pytest.fixture
def system(scripts: dict[str, ModuleType]) -> ModuleType:
    return scripts["system"]


@pytest.fixture
def environment(scripts: dict[str, ModuleType]) -> ModuleType:
    return scripts["environment"]


@pytest.fixture
def run(scripts: dict[str, ModuleType]) -> ModuleType:
    return scripts["run"]
