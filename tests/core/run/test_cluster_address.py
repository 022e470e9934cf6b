import pytest

from stackgui.core.base.errors import UsageError
from stackgui.core.run.cluster_address import MAX_LOCAL_WORKERS, ClusterAddress


def test_workers_on_this_computer():
    assert ClusterAddress.parse("local:2") == ClusterAddress(local_workers=2)


@pytest.mark.parametrize("url", ["tcp://host:8786", "tls://10.0.0.1:8786", "ucx://host:1"])
def test_any_address_of_dask(url: str):
    assert ClusterAddress.parse(f" {url} ") == ClusterAddress(url=url)


def test_the_full_stop_of_the_sentence_that_names_it_may_be_copied_too():
    assert ClusterAddress.parse("tcp://host:8786.") == ClusterAddress(url="tcp://host:8786")


def test_a_scheduler_file_may_come_later(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert ClusterAddress.parse("scheduler.json") == ClusterAddress(file=str(tmp_path / "scheduler.json"))
    (tmp_path / "there").touch()
    assert ClusterAddress.parse("there") == ClusterAddress(file=str(tmp_path / "there"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "local:",
        "local:0",
        "local:x",
        f"local:{MAX_LOCAL_WORKERS + 1}",
        "host",
        "tcp://host:8786x",
        "tcp://",
    ],
)
def test_anything_else_is_refused_in_words(text: str):
    with pytest.raises(UsageError, match="is not the address of a cluster"):
        ClusterAddress.parse(text)


@pytest.mark.parametrize("text", ["local:3", "tcp://host:8786"])
def test_addresses_read_as_they_are_written(text: str):
    assert str(ClusterAddress.parse(text)) == text
