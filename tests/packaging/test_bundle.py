"""What goes into a bundle, how it is trimmed, and what is told of it."""

import ast
import importlib.metadata
import json
import os
import re
import runpy
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui import made_of
from tests.shared_data import REPOSITORY

pytestmark = pytest.mark.tree

LAUNCHER = REPOSITORY / "packaging" / "linux" / "launcher.sh"
ENTRY = REPOSITORY / "packaging" / "entry.py"


@pytest.fixture
def bundled(scripts):
    return scripts["bundled"]


@pytest.fixture
def reaching(scripts):
    return scripts["reaching"]


@pytest.fixture
def trimming(scripts):
    return scripts["trimming"]


@pytest.fixture
def measured(scripts):
    return scripts["measured"]


def test_all_extras_but_those_that_are_named_come_along(bundled):
    assert bundled.extras() == ["dicom", "hdf5", "raw", "zarr"]
    assert all(bundled.LEFT_OUT.values()), "each says why"


def normal(name):
    """A name as an index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_program_shows_the_licences_of_all_that_is_bundled(bundled, monkeypatch):
    monkeypatch.setattr(made_of, "OPTIONAL", tuple(bundled.extras()))
    shown = {normal(each.name): each for each in made_of.components()}
    assert shown.keys() - {"python", "qt"} == set(map(normal, bundled.distributions()))
    assert all(each.texts for each in shown.values())
    apart = {source for source, _ in bundled.licences()}
    for text in (str(text) for each in shown.values() for text in each.texts):
        in_metadata = (
            ".dist-info" in text or Path(text).parts[-2] == bundled.STANDARD_LIBRARY.rpartition("/")[2]
        )
        assert in_metadata or text in apart or Path(text).is_relative_to(REPOSITORY)


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="there is no Debian to ask")
def test_licences_of_libraries_from_debian_are_shown_too(scripts, monkeypatch, tmp_path):
    inside = tmp_path / "_internal"
    inside.mkdir()
    for name in ("libc.so.6", "libpython3.11.so.1.0"):
        (inside / name).touch()
    scripts["bundling"].licences_of_the_system(tmp_path)
    monkeypatch.setattr(sys, "_MEIPASS", str(inside), raising=False)
    found = {each.name: each for each in made_of.components()}["libc6"]
    assert re.fullmatch(r"\d[\w.+:~-]+", found.version)
    assert "GNU C Library" in found.text()
    (inside / "libunheardof.so.1").touch()
    with pytest.raises(SystemExit, match=r"libunheardof\.so\.1 is of no package"):
        scripts["bundling"].licences_of_the_system(tmp_path)


def test_a_bundle_holds_nothing_of_which_it_shows_no_licence(bundled):
    launcher = REPOSITORY / "build" / "bundle" / "stackgui" / "stackgui"
    if not launcher.exists():
        pytest.skip("no bundle has been built here: python3 packaging/bundle.py")
    told = subprocess.run([launcher, "--version"], capture_output=True, text=True, check=True).stdout
    shown = {normal(line.split()[0]) for line in told.splitlines()[2:]} | {bundled.PROGRAM}
    inside = launcher.parent / "program" / "_internal"
    texts = {normal(text.name.partition("_")[0]) for text in (inside / made_of.OF_DEBIAN).glob("*.txt")}
    metadata = {normal(folder.name.partition("-")[0]) for folder in inside.glob("*.dist-info")}
    owners = importlib.metadata.packages_distributions()
    folders = {entry.name for entry in inside.iterdir() if entry.is_dir()}
    packages = {normal(name) for folder in folders for name in owners.get(folder, ())}
    assert texts
    assert texts | metadata | packages <= shown


def test_codecs_are_those_of_the_formats_and_no_others(bundled):
    found = bundled.codecs()
    assert {"imagecodecs._jpeg8", "imagecodecs._png", "imagecodecs._avif", "imagecodecs._cms"} <= set(found)
    assert "imagecodecs._ljpeg" in found, "a function of Python calls it"
    assert "imagecodecs._lerc" in found, "TIFF may be packed by it"
    assert "imagecodecs._shared" in found, "the others load it"
    assert not {"imagecodecs._sz3", "imagecodecs._pcodec", "imagecodecs._jpegxs"} & set(found)


def test_modules_that_are_loaded_by_name_are_found(bundled, monkeypatch):
    monkeypatch.setattr(bundled, "codecs", list)  # tested above
    found = bundled.hidden_imports()
    assert {"pydicom.encaps", "rawpy", "zarr", "h5py"} <= set(found)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", False),
        ("PySide6/Qt/translations/qtbase_de.qm", True),
        ("PySide6/Qt/translations/qtbase_pt_BR.qm", True),
        ("PySide6/Qt/translations/qtbase_ru.qm", False),
        ("PySide6/Qt/translations/qt_de.qm", False),
        ("PySide6/Qt/lib/libQt6Core.so.6", True),
        ("libstdc++.so.6", False),
        ("libgcc_s.so.1", False),
        ("libxcb-cursor.so.0", True),
        ("libxkbcommon.so.0", True),
        ("libX11.so.6", False),
        ("numpy/__init__.pxd", False),
        ("numpy.libs/libgfortran-0.so.5", True),
    ],
)
def test_only_what_is_used_stays(bundled, path, wanted):
    assert bundled.is_wanted(path, ["de", "pt_BR"]) is wanted


def test_libraries_that_nothing_needs_any_more_are_left_out(reaching):
    needs = {"/a.so": {"libb.so"}, "/libb.so": {"libc.so"}, "/p.so": {"libd.so"}, "/libe.so": {"libc.so"}}
    entries = [
        ("a.so", "/a.so", "EXTENSION"),
        ("x.libs/libb.so", "/libb.so", "BINARY"),
        ("x.libs/libc.so", "/libc.so", "BINARY"),
        ("libc.so", "x.libs/libc.so", "SYMLINK"),
        ("PySide6/Qt/plugins/p.so", "/p.so", "BINARY"),
        ("libd.so", "/libd.so", "BINARY"),
        ("y.libs/libe.so", "/libe.so", "BINARY"),
        ("libe.so", "y.libs/libe.so", "SYMLINK"),
        ("libpython3.11.so.1.0", "/libpython", "BINARY"),
    ]
    kept = reaching.reached(entries, lambda file: needs.get(file, set()))
    assert [each[0] for each in entries if each not in kept] == ["y.libs/libe.so", "libe.so"]


SHORTENED = runpy.run_path(str(REPOSITORY / "packaging" / "trimming.py"))["shortened"]


def package(entries):
    """Data of ICU, with the head that it has in libicudata.so."""
    head = struct.pack("<HBB", 32, 0xDA, 0x27).ljust(32, b"\0")
    names = 4 + 8 * len(entries)
    texts, body, table = b"", b"", struct.pack("<I", len(entries))
    start = names + sum(len(name) + 1 for name, _ in entries)
    for name, data in entries:
        table += struct.pack("<II", names + len(texts), start + len(body))
        texts += name.encode() + b"\0"
        body += data
    return head + table + texts + body


def unpacked(data):
    (count,) = struct.unpack_from("<I", data, 32)
    places = [struct.unpack_from("<II", data, 36 + 8 * number) for number in range(count)]
    ends = [start for _, start in places[1:]] + [len(data) - 32]
    return {
        data[32 + name : data.index(b"\0", 32 + name)].decode(): (start, data[32 + start : 32 + end])
        for (name, start), end in zip(places, ends, strict=False)
    }


@settings(max_examples=25)
@given(
    st.dictionaries(
        st.from_regex(r"icudt/[a-z]{1,9}\.res", fullmatch=True), st.binary(max_size=40), max_size=9
    )
)
def test_entries_of_icu_that_stay_are_as_they_were(entries):
    kept = unpacked(SHORTENED(package(sorted(entries.items())), lambda name: name < "n"))
    assert kept.keys() == {name for name in entries if name < "icudt/n"}
    for name, (start, found) in kept.items():
        assert start % 16 == 0
        assert found.rstrip(b"\0") == entries[name].rstrip(b"\0")
        assert len(found) >= len(entries[name])


def test_icu_keeps_the_window_s_languages(trimming):
    kept = trimming.KEPT_BY_ICU.fullmatch
    assert all(
        map(kept, ["root.res", "coll/de.res", "coll/ucadata.icu", "ja.res", "cnvalias.icu", "nfkc.nrm"])
    )
    assert not any(
        map(kept, ["translit/root.res", "coll/ko.res", "ibm-949_P11A-1999.cnv", "brkitr/cjdict.dict"])
    )


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("program/_internal/PySide6/Qt/lib/libQt6Gui.so.6", "Qt"),
        ("program/_internal/PySide6/QtGui.abi3.so", "PySide"),
        ("program/_internal/numpy.libs/libopenblas.so", "NumPy"),
        ("program/_internal/imagecodecs-2026.3.6.dist-info/METADATA", "licences and metadata"),
        ("program/_internal/libssl.so.3", "libraries of the system"),
        ("program/_internal/libpython3.11.so.1.0", "Python"),
        ("program/stackgui", "StackGUI and all modules of Python"),
        ("program/_internal/stackgui/_resources/kinds.zip", "StackGUI and all modules of Python"),
        ("stackgui", "StackGUI and all modules of Python"),
        ("program/_internal/unheard-of.so", "others"),
    ],
)
def test_each_file_belongs_to_a_part(measured, path, part):
    assert measured.part_of(path) == part


def test_sizes_are_told_part_by_part_the_largest_first(measured):
    parts = measured.sizes(
        [
            ("_internal/numpy/a.so", 2_000_000),
            ("_internal/PIL/b.so", 7_000_000),
            ("_internal/numpy/c", 500_000),
        ]
    )
    assert parts == {"Pillow": 7_000_000, "NumPy": 2_500_000}
    assert measured.table(parts)[2:] == [
        "| Pillow | 7.0 MB |",
        "| NumPy | 2.5 MB |",
        "| **all** | **9.5 MB** |",
    ]


def test_the_newest_version_of_a_library_counts(measured):
    told = "(GLIBC_2.9) x\n(GLIBC_2.34) y\n(GLIBCXX_3.4.29) z\n(GLIBC_PRIVATE) p"
    assert measured.newest(told, measured.C_LIBRARY) == (2, 34)
    assert measured.newest(told, measured.CPP_LIBRARY) == (3, 4, 29)
    assert measured.newest("", measured.C_LIBRARY) == ()


@pytest.mark.parametrize(
    ("has", "starts"),
    [("2.31", False), ("2.34", False), ("2.35", True), ("2.36", True), ("2.100", True), ("", False)],
)
def test_an_old_system_gets_a_sentence(tmp_path, has, starts):
    program = tmp_path / "bundle" / "program" / "stackgui"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "started with $1"\n')
    program.chmod(0o755)
    launcher = tmp_path / "bundle" / "stackgui"
    launcher.write_bytes(LAUNCHER.read_bytes())
    (tmp_path / "link").symlink_to(launcher)
    told = tmp_path / "bin" / "getconf"
    told.parent.mkdir()
    told.write_text(f"#!/bin/sh\n{f'echo glibc {has}' if has else 'exit 1'}\n")
    told.chmod(0o755)
    path = {"PATH": f"{told.parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh", tmp_path / "link", "a b"], env=path, capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) is starts
    assert done.stdout == ("started with a b\n" if starts else "")
    assert ("Debian 12 or" in done.stderr) is not starts


def test_the_launcher_asks_for_what_the_bundle_needs(measured):
    """Should a library ask for more, both have to say so."""
    program = REPOSITORY / "build" / "bundle" / "stackgui" / "program"
    if not program.exists():
        pytest.skip("no bundle has been built here: python3 packaging/bundle.py")
    needed = max(measured.needed(program)[0].values())
    assert f"needed={'.'.join(map(str, needed))}\n" in LAUNCHER.read_text()
    assert sum(size for _, size in measured.files_of(program)) <= measured.MAX_INSTALLED_BYTES


def test_programs_that_a_bundle_starts_see_nothing_of_it(tmp_path):
    package = tmp_path / "stackgui"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(
        "import os\ndef main():\n    print(dict(os.environ))\n    return 3\n"
    )
    variables = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "LD_LIBRARY_PATH": "/bundle",
        "LD_LIBRARY_PATH_ORIG": "/mine",
        "QT_PLUGIN_PATH": "/bundle/plugins",
    }
    done = subprocess.run(
        [sys.executable, str(ENTRY)], env=variables, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 3
    seen = ast.literal_eval(done.stdout)
    assert seen["LD_LIBRARY_PATH"] == "/mine"
    assert seen["PYINSTALLER_RESET_ENVIRONMENT"] == "1"
    assert not {"QT_PLUGIN_PATH", "LD_LIBRARY_PATH_ORIG"} & seen.keys()


@pytest.mark.slow
def test_the_bundle_tests_itself():
    launcher = REPOSITORY / "build" / "bundle" / "stackgui" / "stackgui"
    if not launcher.exists():
        pytest.skip("no bundle has been built here: python3 packaging/bundle.py")
    done = subprocess.run([launcher, "self-test", "--json"], capture_output=True, text=True, check=False)
    checks = json.loads(done.stdout)["checks"]
    assert [each for each in checks if not each["works"]] == []
    assert "not looked at" not in done.stdout
