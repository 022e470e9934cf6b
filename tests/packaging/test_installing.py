"""How packages get in: by pins and hashes alone, from a folder, without ensurepip; and what is said."""

import re

import pytest

pytestmark = pytest.mark.tree

PYTHON = "python"


@pytest.fixture
def installing(scripts):
    return scripts["installing"]


@pytest.fixture
def downloads(scripts):
    return scripts["showing"].Downloads


@pytest.fixture
def has(installing, monkeypatch):
    """The modules that this pretended Python has."""
    modules = {"venv", "ensurepip"}
    monkeypatch.setattr(installing, "is_there", modules.__contains__)
    return modules


@pytest.mark.usefixtures("has")
@pytest.mark.parametrize("offline", ["", "wheels"])
def test_all_that_is_installed_is_a_wheel_with_a_pinned_hash(installing, offline):
    pip, packages, project = installing.commands(PYTHON, "run", offline, afresh=True)
    for command in (pip, packages):
        assert set(installing.CHECKED) <= set(command)
        assert ("--no-index" in command) == bool(offline)
    assert {"--no-index", "--no-deps", "--no-build-isolation"} <= set(project), "it downloads nothing"
    assert installing.commands(PYTHON, "test", offline, afresh=False)[0][-1].endswith("test.txt")


def test_debian_without_venv_takes_pip_from_the_folder_or_from_python_itself(installing, has, tmp_path):
    assert not installing.without_pip(str(tmp_path))
    has.remove("ensurepip")
    assert not installing.without_pip(str(tmp_path)), "there is none to take"
    has.add("pip")
    assert installing.without_pip("")
    assert installing.first_pip(PYTHON, "")[1:] == ["-m", "pip", "--python", PYTHON]
    has.remove("pip")
    wheel = tmp_path / "pip-26.3-py3-none-any.whl"
    wheel.touch()
    assert installing.without_pip(str(tmp_path))
    assert installing.first_pip(PYTHON, str(tmp_path)) == [PYTHON, str(wheel / "pip")]


def test_the_system_is_asked_for_venv_only_if_no_pip_is_to_be_had(system, has, tmp_path):
    has.remove("ensurepip")
    (missing,) = system.missing_for_setup()
    assert missing.package.endswith("-venv")
    has.add("pip")
    assert system.missing_for_setup() == []
    has.remove("venv")
    assert system.missing_for_setup(str(tmp_path)) != []


@pytest.mark.parametrize(
    ("typed", "left", "is_offline"),
    [
        ([], [], False),
        (["scan", "--offline", "x"], ["scan", "--offline", "x"], False),
        (["--offline", "."], [], True),
        (["--offline=.", "scan", "x"], ["scan", "x"], True),
    ],
)
def test_offline_is_taken_off_the_front(installing, typed, left, is_offline):
    arguments, folder = installing.take_offline(typed)
    assert arguments == left
    assert bool(folder) == is_offline


@pytest.mark.parametrize("typed", [["--offline"], ["--offline", "no such folder"], ["--offline="]])
def test_a_folder_of_wheels_that_is_none_is_said(installing, typed):
    with pytest.raises(SystemExit, match=r"needs a folder of wheels(.|\n)*wheels\.py FOLDER"):
        installing.take_offline(typed)


@pytest.mark.parametrize(
    ("output", "offline", "says"),
    [
        ("ERROR: No matching distribution found for numpy", "wheels", "folder wheels lacks a package"),
        ("ERROR: No matching distribution found for numpy", "", "HTTPS_PROXY"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "", "not the one that was pinned"),
        ("[Errno 28] No space left on device", "", "The disk is full"),
        ("SSLError([SSL: CERTIFICATE_VERIFY_FAILED] self-signed)", "", "PIP_CERT=/path"),
        ("OSError('Tunnel connection failed: 403 Forbidden')", "", "The proxy did not let it through"),
        ("ProxyError('Cannot connect to proxy.')", "", "HTTPS_PROXY=http://NAME:PASSWORD"),
        ("Connection refused", "", "when it is back"),
    ],
)
def test_each_way_of_failing_has_its_advice(installing, output, offline, says):
    assert says in installing.advice(output, offline)


PIP_SAYS = """\
Collecting numpy==2.4.6 (from -r run.txt (line 9))
  Downloading numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl.metadata (6.6 kB)
Downloading numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl (16.0 MB)
Progress 0 of 16000000
Progress 8000000 of 16000000
Progress 16000000 of 16000000
Downloading natsort-8.4.0-py3-none-any.whl (38 kB)
Using cached pillow-13.0.0-cp311-cp311-manylinux_2_28_x86_64.whl (7.1 MB)
Downloading pyside6_essentials-6.11.3-cp310-abi3-manylinux_2_34_x86_64.whl (80.0 MB)
Progress 20000000 of 80000000
Installing collected packages: numpy, natsort, pillow
Installing collected packages: stackgui
"""


@pytest.mark.parametrize("moves", [False, True])
def test_progress_names_the_package_and_the_size_so_far(scripts, downloads, monkeypatch, moves):
    monkeypatch.setattr(scripts["showing"], "REDRAW_S", -1)
    follows = downloads(moves)
    shown = [text for line in PIP_SAYS.splitlines() if (text := follows.hear(line))]
    if moves:
        assert "Downloading numpy: 8.0 MB of 16 MB" in shown
        assert shown[-2] == "Downloading pyside6_essentials: 20 MB of 80 MB, after 16 MB of other packages"
    else:
        assert shown[:-1] == [
            "Downloading numpy: 16 MB",
            "Downloading pyside6_essentials: 80 MB, after 16 MB of other packages",
        ]
    assert shown[-1] == "Installing 3 packages (36 MB downloaded) ..."


class TestPins:
    @pytest.fixture
    def blocks(self, installing, environment):
        """The pins of each purpose, without their hashes, and the number of these."""
        found = {}
        for purpose in environment.SERVES:
            texts = [file.read_text(encoding="utf-8") for file in installing.pins_of(purpose)]
            found[purpose] = [
                (block.split(" --hash")[0].strip(), block.count("--hash=sha256:"))
                for text in texts
                for block in text.replace("\\\n", " ").splitlines()
                if not block.startswith(("#", "-r "))
            ]
        return found

    def test_each_has_hashes_and_names_no_host(self, blocks):
        for pins in blocks.values():
            assert len(pins) > 20
            assert [pin for pin, hashes in pins if not hashes] == []
            assert [pin for pin, _ in pins if not re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; [^/@]+)?", pin)] == []

    def test_none_is_pinned_twice_for_the_same_system(self, blocks):
        for pins in blocks.values():
            names = [pin.partition("==")[0] for pin, _ in pins if ";" not in pin]
            assert len(names) == len(set(names))

    def test_what_the_project_asks_for_is_pinned(self, blocks, environment):
        import tomllib

        asked = tomllib.loads(environment.PROJECT.read_text(encoding="utf-8"))
        groups = asked["dependency-groups"]
        wanted = {"run": [*asked["project"]["dependencies"], *asked["build-system"]["requires"]], **groups}
        for purpose, lines in wanted.items():
            pinned = {pin.partition("==")[0] for pin, _ in blocks[purpose]}
            assert {re.split(r"[<>=\[;]", line)[0].lower() for line in lines} <= pinned
        assert set(groups) | {"run"} == set(environment.SERVES), "each group is a purpose with pins"


def test_a_folder_for_another_system_holds_what_counts_there(scripts):
    filling = scripts["filling"]
    for_windows = filling.wanted("run", "windows", "3.13")
    numpy = [line for line in for_windows if line.startswith("numpy==")]
    assert len(numpy) == 1
    assert "--hash=sha256:" in numpy[0]
    assert ";" not in numpy[0]
    assert any(line.startswith("pip==") for line in for_windows)
    older = filling.wanted("run", "linux", "3.11")
    assert [line for line in older if line.startswith("numpy==")] != numpy
    assert filling.this_system() in filling.SYSTEMS


def test_what_has_changed_is_a_table(scripts):
    renewing = scripts["renewing"]
    before = {"a": "1", "b": "1", "gone": "3"}
    after = {"a": "2", "b": "1", "new": "4"}
    assert renewing.difference(before, after)[2:] == ["| a | 1 | 2 |", "| gone | 3 | – |", "| new | – | 4 |"]
    assert renewing.difference(after, after) == ["All versions are as before."]


def test_pins_are_read_as_they_were_written(scripts):
    renewing = scripts["renewing"]
    for name in ("pip", *scripts["environment"].SERVES):
        pins = renewing.read(name)
        assert renewing.text_of(name, pins) == renewing.file_of(name).read_text(encoding="utf-8")


def test_the_list_of_parts_leaves_out_what_only_builds_the_program(scripts):
    listed = {
        "metadata": {"component": {"bom-ref": "root"}},
        "components": [{"name": name, "bom-ref": f"{name}=1"} for name in ("pi_heif", "pillow", "hatchling")],
        "dependencies": [
            {"ref": "root", "dependsOn": ["pillow=1", "hatchling=1"]},
            {"ref": "pi_heif=1", "dependsOn": ["pillow=1"]},
            {"ref": "hatchling=1"},
        ],
    }
    made = scripts["listing"].only_parts(
        scripts["listing"].with_version(listed, "2.0"), {"pi-heif", "Pillow"}
    )
    assert [each["name"] for each in made["components"]] == ["pi_heif", "pillow"]
    assert made["dependencies"] == [
        {"ref": "root", "dependsOn": ["pillow=1"]},
        {"ref": "pi_heif=1", "dependsOn": ["pillow=1"]},
    ]
    assert made["metadata"]["component"]["version"] == "2.0"
