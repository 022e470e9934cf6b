"""The log file of events and errors, for support. It contains no pixels."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

import platformdirs

FILE = "stackgui.log"
MAX_BYTES = 1_000_000
OLDER_FILES = 3

logger = logging.getLogger("stackgui")


def folder() -> Path:
    """Return the folder of the log file, which need not exist."""
    return Path(platformdirs.user_log_dir("stackgui", appauthor=False))


class _Handler(logging.handlers.RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """Ignore errors: a full disk is reported where it matters."""


class LogFile:
    """Writes log records to a rotating file.

    If the file cannot be written, only the log is lost.
    """

    def __init__(self) -> None:
        self._handler: logging.Handler | None = None

    def open(self) -> None:
        """Start writing."""
        try:
            folder().mkdir(parents=True, exist_ok=True)
            handler = _Handler(
                folder() / FILE,
                maxBytes=MAX_BYTES,
                backupCount=OLDER_FILES,
                encoding="utf-8",
                errors="backslashreplace",
            )
        except OSError:
            return
        handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        self._handler = handler

    def close(self) -> None:
        """Stop writing."""
        if self._handler is not None:
            logger.removeHandler(self._handler)
            self._handler.close()
            self._handler = None
