import pytest

from stackgui.core.base.errors import UsageError
from stackgui.engine.sources.sources import SourceKind, check_sources


def test_a_source_is_told_by_what_it_is_and_by_its_name(tmp_path):
    (tmp_path / "folder.zip").mkdir()
    files = {"a.ZIP": SourceKind.ARCHIVE, "b.tar.gz": SourceKind.ARCHIVE, "c.csv": SourceKind.LIST}
    files |= {"d.jsonl": SourceKind.LIST, "e.jpg": SourceKind.FILE, "f": SourceKind.FILE}
    for name in files:
        (tmp_path / name).write_bytes(b"")
    found = check_sources([str(tmp_path / name) for name in ("folder.zip", *files)])
    assert [source.kind for source in found] == [SourceKind.FOLDER, *files.values()]
    folders = {source.kind: source.folder for source in found}
    assert folders[SourceKind.FOLDER] == str(tmp_path / "folder.zip")
    assert folders[SourceKind.ARCHIVE] == str(tmp_path / "b.tar.gz")
    assert folders[SourceKind.LIST] == folders[SourceKind.FILE] == str(tmp_path)


def test_names_in_lists_are_relative_to_the_folder_that_was_chosen(tmp_path):
    (tmp_path / "list.csv").write_bytes(b"")
    (source,) = check_sources([str(tmp_path / "list.csv")], "/elsewhere")
    assert source.folder == "/elsewhere"


def test_sources_must_be_apart(tmp_path):
    for name in ("file.jpg", "inner/a.jpg", "inner2/a.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "link").symlink_to(tmp_path / "inner")
    inner, apart = str(tmp_path / "inner"), str(tmp_path / "inner2")
    assert [source.name for source in check_sources([inner, apart])] == [inner, apart]
    for wrong, words in (
        ([], "Nothing was given"),
        ([str(tmp_path / "nothing")], "There is no file or folder"),
        ([inner, inner], "is there twice"),
        ([inner, str(tmp_path / "link")], "is there twice"),
        ([str(tmp_path), inner], "lies in"),
        ([str(tmp_path), str(tmp_path / "file.jpg")], "lies in"),
    ):
        with pytest.raises(UsageError, match=words):
            check_sources(wrong)


def test_sources_must_be_apart_also_where_names_are_spelt_in_two_ways(tmp_path, monkeypatch):
    """On macOS a name in another case, or another Unicode form, leads to the same folder."""
    (tmp_path / "pictures" / "inner").mkdir(parents=True)
    (tmp_path / "PICTURES").symlink_to(tmp_path / "pictures")  # stands in for such a disk
    monkeypatch.setattr("os.path.realpath", str)
    one, same = str(tmp_path / "pictures"), str(tmp_path / "PICTURES")
    with pytest.raises(UsageError, match="is there twice"):
        check_sources([one, same])
    for sources in ([one, f"{same}/inner"], [f"{same}/inner", one]):
        with pytest.raises(UsageError, match=r"PICTURES/inner lies in .*pictures"):
            check_sources(sources)
