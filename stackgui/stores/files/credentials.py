"""Credentials for S3 where other programs keep them, for a library that looks only into the environment."""

from __future__ import annotations

import configparser
import os
from contextlib import suppress

_KEYS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
_REGION = "region"


def aws_config() -> dict[str, str]:
    """Return the keys and the region of the chosen profile, as far as the environment does not name them.

    They are those of ``~/.aws/credentials`` and ``~/.aws/config``, or of the files that
    ``AWS_SHARED_CREDENTIALS_FILE`` and ``AWS_CONFIG_FILE`` name.
    """
    environment = os.environ
    profile = environment.get("AWS_PROFILE", "default")
    keys = _read("AWS_SHARED_CREDENTIALS_FILE", "credentials", profile)
    section = profile if profile == "default" else f"profile {profile}"
    more = _read("AWS_CONFIG_FILE", "config", section)
    found: dict[str, str] = {}
    if "AWS_ACCESS_KEY_ID" not in environment:
        found |= {name: value for name in _KEYS if (value := keys.get(name) or more.get(name))}
    if not {"AWS_REGION", "AWS_DEFAULT_REGION"} & environment.keys() and (region := more.get(_REGION)):
        found["aws_region"] = region
    return found


def _read(variable: str, file: str, section: str) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    with suppress(OSError, configparser.Error, UnicodeDecodeError):
        parser.read(os.environ.get(variable) or os.path.expanduser(f"~/.aws/{file}"), encoding="utf-8")
    return dict(parser[section]) if parser.has_section(section) else {}
