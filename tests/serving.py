"""Servers on the loopback: an S3, and one for plain files, both of which can be told to misbehave."""

import contextlib
import itertools
import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

Answer = tuple[str, list[tuple[str, str]], list[bytes]]
Fault = Callable[[dict, Callable[[], Answer]], Answer]

SECRETS = ("AKIANOBODYSEESTHIS", "nobody/sees+this0secret")
"""What stands for credentials in the environment of tests."""


@dataclass
class Faults:
    """Faults by the end of the path that they happen to, and what was asked for and sent."""

    of: dict[str, Fault] = field(default_factory=dict)
    asked: Counter = field(default_factory=Counter)
    sent_bytes: Counter = field(default_factory=Counter)

    def around(self, application):
        """Return a WSGI application that answers as `application` does, but for the faults."""

        def answer(environ, start_response):
            path = environ["PATH_INFO"]

            def plain() -> Answer:
                head: list = []
                body = b"".join(application(environ, lambda *said: head.extend(said[:2])))
                return head[0], list(head[1]), [body]

            self.asked[environ["REQUEST_METHOD"], path] += 1
            fault = next((fault for end, fault in self.of.items() if path.endswith(end)), None)
            status, headers, body = plain() if fault is None else fault(environ, plain)
            self.sent_bytes[path] += sum(map(len, body)) if environ["REQUEST_METHOD"] == "GET" else 0
            start_response(status, headers)
            return body

        return answer


def busy(times: int) -> Fault:
    """Answer 503 so many times."""
    left = [times]

    def fault(_environ, plain):
        if left[0] > 0:
            left[0] -= 1
            return "503 Slow Down", [("Content-Length", "0")], [b""]
        return plain()

    return fault


def slow_down(_environ, _plain):
    """Say that too much was asked for."""
    return "429 Too Many Requests", [("Content-Length", "0")], [b""]


def dropped(environ, _plain):
    """Close the connection without a word."""
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError


def now_and_then(*faults: Fault, every: int = 5) -> Fault:
    """Let one of so many requests meet a fault, each in its turn."""
    count, next_fault = itertools.count(1), itertools.cycle(faults)

    def fault(environ, plain):
        return next(next_fault)(environ, plain) if next(count) % every == 0 else plain()

    return fault


def refused(_environ, _plain):
    """Allow nothing."""
    return "403 Forbidden", [("Content-Length", "0")], [b""]


def cut_off(_environ, plain):
    """Promise more bytes than are sent."""
    status, headers, body = plain()
    whole = b"".join(body)
    if not whole:
        return status, headers, body
    kept = [each for each in headers if each[0].lower() != "content-length"]
    return status, [*kept, ("Content-Length", str(len(whole)))], [whole[: len(whole) // 2]]


def shorter(_environ, plain):
    """Send half of the file, and say that this is all of it."""
    status, headers, body = plain()
    half = b"".join(body)[: len(b"".join(body)) // 2]
    kept = [each for each in headers if each[0].lower() not in {"content-length", "content-range"}]
    return status, [*kept, ("Content-Length", str(len(half)))], [half]


def another_version(_environ, plain):
    """Call the file by the tag of another version."""
    status, headers, body = plain()
    return status, [*(each for each in headers if each[0].lower() != "etag"), ("ETag", '"other"')], body


@contextlib.contextmanager
def served(application) -> Iterator[tuple[str, Faults]]:
    """Serve a WSGI application, and yield its address and its faults."""
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    faults = Faults()
    server = make_server("127.0.0.1", 0, faults.around(application), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="loopback", daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", faults
    server.shutdown()
    thread.join()
    server.server_close()


def files_of(folder: Path):
    """Return a WSGI application that gives the files of a folder, whole or in parts."""

    def application(environ, start_response):
        file = folder / environ["PATH_INFO"].encode("latin-1").decode().lstrip("/")
        if not file.is_file():
            start_response("404 Not Found", [("Content-Length", "0")])
            return [b""]
        data, status, more = file.read_bytes(), "200 OK", []
        asked = environ.get("HTTP_RANGE", "").removeprefix("bytes=").partition("-")
        if asked[0]:
            begin, end = int(asked[0]), min(int(asked[2]) + 1, len(data))
            more = [("Content-Range", f"bytes {begin}-{end - 1}/{len(data)}")]
            data, status = data[begin:end], "206 Partial Content"
        when = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(file.stat().st_mtime))
        tag = f'"{file.stat().st_mtime_ns}"'
        headers = [("Content-Length", str(len(data))), ("Last-Modified", when), ("ETag", tag), *more]
        start_response(status, headers)
        return [data if environ["REQUEST_METHOD"] != "HEAD" else b""]

    return application


@dataclass
class Bucket:
    """A bucket of an S3 on the loopback."""

    client: object
    faults: Faults
    name: str = "pictures"

    def put(self, folder: Path, prefix: str) -> str:
        """Copy a folder into the bucket, and return its address."""
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                self.write(f"{prefix}/{file.relative_to(folder).as_posix()}", file.read_bytes())
        return f"s3://{self.name}/{prefix}"

    def write(self, key: str, data: bytes) -> None:
        """Write an object."""
        self.client.put_object(Bucket=self.name, Key=key, Body=data)


def _emptied(client):
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=Bucket.name):
        for each in page.get("Contents", ()):
            client.delete_object(Bucket=Bucket.name, Key=each["Key"])


@contextlib.contextmanager
def bucket_on_loopback(patch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """Serve an S3 with one bucket, which the environment names together with its credentials."""
    pytest.importorskip("obstore")
    boto3 = pytest.importorskip("boto3")
    moto = pytest.importorskip("moto.server")
    from stackgui.stores.files import objects

    with served(moto.DomainDispatcherApplication(moto.create_backend_app)) as (address, faults):
        for name, value in {
            "AWS_ACCESS_KEY_ID": SECRETS[0],
            "AWS_SECRET_ACCESS_KEY": SECRETS[1],
            "AWS_ENDPOINT_URL": address,
            "AWS_REGION": "us-east-1",
        }.items():
            patch.setenv(name, value)
        objects.forget()
        client = boto3.client("s3", region_name="us-east-1", endpoint_url=address)
        client.create_bucket(Bucket=Bucket.name)
        yield Bucket(client, faults)
        _emptied(client)  # the process keeps what is in buckets, also for the server of another module
        client.close()
        objects.forget()


def zarr_store(place: str, *, read_only: bool = True):
    """Return a store by which Zarr itself reads, and perhaps writes, what lies at an address."""
    from zarr.storage import ObjectStore

    from stackgui.stores.files import objects

    root, path = objects.split_address(place)
    return ObjectStore(objects.client_of(root, path or None), read_only=read_only)


class Held:
    """Lets requests that write wait until they are let go, or their connection is of no use any more."""

    def __init__(self) -> None:
        self.met, self.go_on = threading.Event(), threading.Event()

    def __call__(self, environ, plain):
        if environ["REQUEST_METHOD"] != "PUT":
            return plain()
        self.met.set()
        assert self.go_on.wait(300)
        return plain()
