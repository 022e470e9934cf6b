"""A server on the loopback that holds objects as Google's does: each version of one has a generation."""

import contextlib
import hashlib
import itertools
import json
from urllib.parse import parse_qs, unquote

import pytest

from tests.serving import served

WHEN = "Sun, 01 Nov 2026 10:00:00 GMT"
_LIST = "<ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>"
_EACH = (
    "<Contents><Key>{}</Key><Size>{}</Size><ETag>{}</ETag><LastModified>2026-11-01T10:00:00.000Z"
    "</LastModified></Contents>"
)


class Google:
    """The objects of one bucket, each with its generation."""

    def __init__(self) -> None:
        self.held: dict[str, tuple[int, bytes]] = {}
        self._numbers = itertools.count(1001)

    def __call__(self, environ, start_response):
        name = unquote(environ["PATH_INFO"]).removeprefix("/pictures").lstrip("/")
        method = environ["REQUEST_METHOD"]
        data = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, body = self._answered(method, name, environ, data)
        generation, there = self.held.get(name, (0, b""))
        size = len(there) if method == "HEAD" else len(body)
        start_response(status, [
            ("Content-Length", str(size)), ("Last-Modified", WHEN), ("ETag", _tag(there)),
            ("x-goog-generation", str(generation)),
        ])  # fmt: skip
        return [b"" if method == "HEAD" else body]

    def _answered(self, method, name, environ, data):
        if method == "GET" and not name:
            return "200 OK", self._listed(parse_qs(environ["QUERY_STRING"]).get("prefix", [""])[0])
        if method == "PUT":
            wanted = environ.get("HTTP_X_GOOG_IF_GENERATION_MATCH")
            if wanted is not None and int(wanted) != self.held.get(name, (0,))[0]:
                return "412 Precondition Failed", b""
            self.held[name] = (next(self._numbers), data)
            return "200 OK", b""
        if name not in self.held:
            return "404 Not Found", b""
        if method == "DELETE":
            del self.held[name]
            return "204 No Content", b""
        return "200 OK", self.held[name][1]

    def _listed(self, prefix):
        found = sorted(item for item in self.held.items() if item[0].startswith(prefix))
        return _LIST.format("".join(_EACH.format(n, len(d), _tag(d)) for n, (_, d) in found)).encode()


def _tag(data):
    return f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'


@contextlib.contextmanager
def google_on_loopback(patch: pytest.MonkeyPatch, folder):
    """Serve a bucket ``gs://pictures``, whose account the environment names."""
    pytest.importorskip("obstore")
    from stackgui.stores.files import objects

    with served(google := Google()) as (address, faults):
        account = folder / "account.json"
        account.write_text(json.dumps({
            "gcs_base_url": address, "disable_oauth": True,
            "client_email": "", "private_key": "", "private_key_id": "",
        }))  # fmt: skip
        patch.setenv("GOOGLE_SERVICE_ACCOUNT", str(account))
        patch.setattr(objects, "_TIMES", {**objects._TIMES, "allow_http": True})
        objects.forget()
        yield google, faults
        objects.forget()
