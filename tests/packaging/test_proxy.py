"""The set-up behind a proxy, with a real one on this computer, and a package index that only it can reach."""

import hashlib
import os
import socketserver
import subprocess
import sys
import sysconfig
import threading
import zipfile
from collections.abc import Iterator

import pytest

pytestmark = pytest.mark.tree

INDEX = "http://packages.example"
"""There is no such computer: what comes from there came through the proxy."""
FILE = "tiny-1.0-py3-none-any.whl"
REFUSED = b"HTTP/1.1 407 Proxy Authentication Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Proxy(socketserver.ThreadingTCPServer):
    """Gives what is in `pages` for the addresses that it is asked for, and refuses tunnels."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.pages: dict[str, bytes] = {}
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Asked(socketserver.StreamRequestHandler):
    """One request."""

    server: Proxy

    def handle(self) -> None:
        method, target, _ = self.rfile.readline().decode("ascii").split()
        while self.rfile.readline().strip():
            pass
        self.server.asked.append(target)
        page = self.server.pages.get(target) if method == "GET" else None
        if page is None:
            self.wfile.write(REFUSED)
            return
        kind = "text/html" if target.endswith("/") else "application/zip"
        lines = (
            "HTTP/1.1 200 OK",
            f"Content-Type: {kind}",
            f"Content-Length: {len(page)}",
            "Connection: close",
        )
        head = "".join(f"{line}\r\n" for line in (*lines, ""))
        self.wfile.write(head.encode("ascii") + page)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy() as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield server
        server.shutdown()
        serving.join()


@pytest.fixture
def wheel(tmp_path) -> bytes:
    """A package with nothing in it."""
    with zipfile.ZipFile(tmp_path / FILE, "w") as made:
        made.writestr("tiny.py", "")
        made.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        made.writestr(
            "tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        made.writestr("tiny-1.0.dist-info/RECORD", "tiny.py,,\n")
    return (tmp_path / FILE).read_bytes()


@pytest.fixture
def install(scripts, proxy, wheel, tmp_path, monkeypatch):
    """Install what is pinned into an empty environment, behind the proxy; give its packages."""
    installing, environment = scripts["installing"], scripts["environment"]
    pins = tmp_path / "pins"
    pins.mkdir()
    (pins / "run.txt").write_text(f"tiny==1.0 --hash=sha256:{hashlib.sha256(wheel).hexdigest()}\n")
    monkeypatch.setattr(installing, "PINS", pins)
    for name in [
        name for name in os.environ if name.upper().startswith(("PIP_", "HTTP", "NO_PROXY", "ALL_PR"))
    ]:
        monkeypatch.delenv(name)
    for name, value in (
        ("HTTP_PROXY", proxy.address), ("HTTPS_PROXY", proxy.address), ("PIP_CONFIG_FILE", os.devnull),
        ("PIP_TRUSTED_HOST", "packages.example"), ("PIP_NO_CACHE_DIR", "1"), ("PIP_RETRIES", "1"),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    # The pip of this environment, which is the pinned one.
    (site,) = [*folder.glob("lib/python*/site-packages"), *folder.glob("Lib/site-packages")]
    (site / "pip.pth").write_text(sysconfig.get_path("purelib"))

    def act(index: str = INDEX) -> set[str]:
        monkeypatch.setenv("PIP_INDEX_URL", f"{index}/simple")
        packages, _project = installing.commands(environment.python_in(folder), "run", "", afresh=False)
        environment._run(packages)
        return environment.packages_in(folder)

    return act


def test_all_packages_come_through_the_proxy(proxy, wheel, install):
    proxy.pages = {
        f"{INDEX}/simple/tiny/": f'<a href="/{FILE}">{FILE}</a>'.encode(),
        f"{INDEX}/{FILE}": wheel,
    }
    assert install() == {"tiny-1.0.dist-info"}
    assert proxy.asked == [f"{INDEX}/simple/tiny/", f"{INDEX}/{FILE}"]


def test_a_proxy_that_lets_nothing_through_is_named_with_what_to_set(proxy, install):
    with pytest.raises(SystemExit, match=r"The proxy did not let it through(.|\n)*HTTPS_PROXY=http://NAME"):
        install("https://packages.example")
    assert set(proxy.asked) == {"packages.example:443"}
