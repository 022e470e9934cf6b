"""Reads and lists what lies at addresses, by obstore, which also tries again and waits in between.

Nothing here is loaded before the first address is met. Credentials come from the environment, and stay in
the client that obstore makes of them.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import xxhash

from stackgui.core.base.addresses import address_in, is_on_web, scheme_of, secret_in
from stackgui.core.base.errors import StackguiError, UsageError
from stackgui.core.base.extras import REMOTE
from stackgui.core.base.wording import Wording, say
from stackgui.stores.files.credentials import aws_config

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

AT_ONCE = 16
"""Requests that one process has under way: the round trip takes the time, not the transfer."""

PAGE = 1000
"""Objects in one page of a listing; no server sends more."""

CHUNK_BYTES = 2**20

_TIMES: ClientConfig = {"connect_timeout": "5s", "read_timeout": "20s", "timeout": "1h"}
_RETRY: RetryConfig = {
    "max_retries": 6,
    "retry_timeout": timedelta(seconds=30),
    "backoff": {"init_backoff": timedelta(seconds=0.2), "max_backoff": timedelta(seconds=8), "base": 2},
}
_NANOSECONDS = 10**9
_THREADS = "2"

_NO_RANGE = re.compile(r"non-partial|NotPartial|not support range", re.IGNORECASE)
_NOT_SATISFIABLE = re.compile("status code: 416")


class AddressError(OSError):
    """Why something at an address cannot be used; `strerror` is a sentence fragment in words of our own."""

    def __init__(self, number: int, reason: Wording) -> None:
        super().__init__(number, reason)


class State(NamedTuple):
    """What tells one version of an object from another.

    Attributes
    ----------
    size_bytes : int
    mtime_ns : int
        Time of last change in whole seconds, as the server says it; what is below a second stands for the
        tag that the server gave to this version (ETag), so that two versions of one second differ.
    """

    size_bytes: int
    mtime_ns: int


def library() -> Any:  # noqa: ANN401 - a module
    """Return the library that speaks with servers; raises UsageError if it is not installed."""
    # Each worker is one of several processes, and the requests of one keep two threads busy at most.
    os.environ.setdefault("TOKIO_WORKER_THREADS", _THREADS)
    try:
        import obstore  # noqa: PLC0415 - an extra, and loaded only where there are addresses
    except ImportError as error:
        raise UsageError(REMOTE.lacking) from error
    return obstore


def check_library() -> None:
    """Raise UsageError if the library that reads addresses is not installed."""
    library()


@lru_cache(maxsize=64)
def client_of(root: str, prefix: str | None = None) -> ObjectStore:
    """Return the client for a bucket or a server; with `prefix`, names are those below that place of it."""
    library()
    from obstore import store  # noqa: PLC0415 - as above

    scheme, place = scheme_of(root), root[len(address_in(root)) :]
    if is_on_web(root):
        client: ClientConfig = {**_TIMES, "allow_http": scheme == "http"}
        below = f"{root}/{prefix}" if prefix else root
        return store.HTTPStore(below, client_options=client, retry_config=_RETRY)
    if scheme == "gs":
        return store.GCSStore(place, prefix=prefix, client_options=_TIMES, retry_config=_RETRY)
    if scheme == "az":
        return store.AzureStore(place, prefix=prefix, client_options=_TIMES, retry_config=_RETRY)
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    client = {**_TIMES, "allow_http": endpoint.startswith("http://")}
    config: Any = aws_config()
    return store.S3Store(place, prefix=prefix, config=config, client_options=client, retry_config=_RETRY)


def forget() -> None:
    """Forget all clients, so that the next ones are made of the environment as it is then."""
    client_of.cache_clear()


def split_address(name: str) -> tuple[str, str]:
    """Return the bucket or server of an address, and the name that it has there; raises AddressError."""
    if secret_in(name):
        raise AddressError(errno.EINVAL, say("its address holds what may be a key"))
    start = address_in(name)
    host, _slash, path = name[len(start) :].replace(os.sep, "/").partition("/")
    if not host:
        raise AddressError(errno.ENOENT, _NOTHING)
    return start + host, unquote(path) if is_on_web(name) else path


def placed(name: str) -> tuple[ObjectStore, str]:
    """Return the client for an address, and the rest of the address; raises AddressError, UsageError."""
    root, path = split_address(name)
    with in_our_words():
        return client_of(root), path


_NOTHING = say("there is nothing at this address")
_NO_BUCKET = say("there is no such bucket")
_NO_ACCESS = say("the server allows no access with the credentials that are in the environment")
_NO_ANSWER = say("the server cannot be reached, or does not answer")
LIED = say("the server sent something else than it promised")
_CHANGED = say("it was changed while it was read")


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raise what an exception of the library means; its own text is in no place that people see."""
    try:
        yield
    except StackguiError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:  # not of the library
            raise
        raise _meant(error) from None


_MEANINGS: tuple[tuple[str, int, Wording], ...] = (
    ("NoSuchBucket|ContainerNotFound|bucket does not exist", errno.ENOENT, _NO_BUCKET),
    (r"FileNotFoundError|status code: (404|410)", errno.ENOENT, _NOTHING),
    (r"PermissionDenied|Unauthenticated|status code: 40[13]|[Cc]redential", errno.EACCES, _NO_ACCESS),
    (r"PreconditionError", errno.EIO, _CHANGED),
    ("without LOCATION", errno.EINVAL, say("the bucket is in another region: set AWS_REGION to it")),
    ("InvalidPathError", errno.EINVAL, say("a name in it has empty parts, or dots as folders")),
    (r"status code: (429|503)", errno.EBUSY, say("the server was too busy, however often it was asked")),
    (r"status code: 5\d\d", errno.EIO, say("the server reports a fault of its own")),
    (r"status code: \d\d\d", errno.EINVAL, say("the server refuses to give it")),
    ("error sending request", errno.EHOSTUNREACH, _NO_ANSWER),
    ("response body|Content-|[Uu]nexpected|NotPartial|non-partial|Header", errno.EIO, LIED),
)
"""Patterns for the class and the text of an exception, in the order in which they are tried."""


def _meant(error: Exception) -> AddressError:
    text = f"{type(error).__name__} {error}"
    for pattern, number, reason in _MEANINGS:
        if re.search(pattern, text, re.DOTALL):
            return AddressError(number, reason)
    return AddressError(errno.EHOSTUNREACH, _NO_ANSWER)


def _state(meta: Any) -> State:  # noqa: ANN401 - as the library has it
    tag = (meta.get("e_tag") or "").removeprefix("W/").strip('"')
    below = xxhash.xxh3_64_intdigest(tag.encode()) % _NANOSECONDS if tag else 0
    seconds = max(int(meta["last_modified"].timestamp()), 0)
    return State(int(meta["size"]), seconds * _NANOSECONDS + below)


def state(name: str) -> State:
    """Return the state of an object; raises AddressError, UsageError."""
    obstore, (store, path) = library(), placed(name)
    with in_our_words():
        return _state(obstore.head(store, path))


def start(name: str, count: int) -> tuple[State, bytes]:
    """Return the state of an object and its first `count` bytes, by one request; raises as `state`."""
    obstore, (store, path) = library(), placed(name)
    try:
        got = obstore.get(store, path, options={"range": (0, count)})
        found, data = _state(got.meta), bytes(got.bytes())
    except Exception as error:  # noqa: BLE001 - looked at there
        return _start_otherwise(name, count, error)
    if len(data) != min(count, found.size_bytes):
        raise AddressError(errno.EIO, LIED)
    return found, data


def _start_otherwise(name: str, count: int, error: Exception) -> tuple[State, bytes]:
    """Return the same of an empty object, which has no parts, or from a server that sends no parts."""
    text, (store, path) = str(error), placed(name)
    with in_our_words():
        if _NOT_SATISFIABLE.search(text):
            found = state(name)
            if not found.size_bytes:
                return found, b""
        elif _NO_RANGE.search(text):
            got = library().get(store, path)
            data = bytearray()
            for chunk in got.stream(min_chunk_size=count):
                data += chunk
                if len(data) >= count:
                    break
            return _state(got.meta), bytes(data[:count])
        raise error


def whole(name: str) -> tuple[State, bytes]:
    """Return the state of an object and all its bytes; raises as `state`."""
    obstore, (store, path) = library(), placed(name)
    with in_our_words():
        got = obstore.get(store, path)
        found, data = _state(got.meta), bytes(got.bytes())
    if len(data) != found.size_bytes:
        raise AddressError(errno.EIO, LIED)
    return found, data


def copied(name: str, file: IO[bytes]) -> State:
    """Write the bytes of an object to `file`, and return its state; raises as `state`."""
    obstore, (store, path) = library(), placed(name)
    begin = file.tell()
    with in_our_words():
        got = obstore.get(store, path)
        found = _state(got.meta)
        for chunk in got.stream(min_chunk_size=CHUNK_BYTES):
            file.write(chunk)
    if file.tell() - begin != found.size_bytes:
        raise AddressError(errno.EIO, LIED)
    return found


def part(name: str, begin: int, count: int, expected: State) -> bytes:
    """Return a part of an object that must not have changed since its state was `expected`."""
    obstore, (store, path) = library(), placed(name)
    with in_our_words():
        got = obstore.get(store, path, options={"range": (begin, begin + count)})
        found, data = _state(got.meta), bytes(got.bytes())
    if found != expected:
        raise AddressError(errno.EIO, _CHANGED)
    if len(data) != count:
        raise AddressError(errno.EIO, LIED)
    return data


def names_below(place: str) -> Iterator[list[tuple[str, int]]]:
    """Yield the names below a place, with their sizes, in pages; each is relative to `place`."""
    obstore, (store, path) = library(), placed(place)
    prefix = f"{path}/" if path else ""
    with in_our_words():
        for page in obstore.list(store, path or None, chunk_size=PAGE):
            yield [(each["path"][len(prefix) :], each["size"]) for each in page]


def names_in(place: str) -> tuple[list[tuple[str, int]], list[str]]:
    """Return the names right in a place, with their sizes, and those of the folders in it."""
    obstore, (store, path) = library(), placed(place)
    prefix = f"{path}/" if path else ""
    with in_our_words():
        found = obstore.list_with_delimiter(store, path or None)
    return (
        [(each["path"][len(prefix) :], each["size"]) for each in found["objects"]],
        [each[len(prefix) :] for each in found["common_prefixes"]],
    )


def is_folder(place: str) -> bool:
    """Return whether there is anything below a place, or it is a whole bucket; raises as `state`."""
    _client, path = placed(place)
    return next(names_below(place), None) is not None or not path
