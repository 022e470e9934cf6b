"""Runs brief checks of source folders in a thread, where a worker process would be too much."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from typing import TypeVar

from stackgui.core.base.cancellation import Cancellation
from stackgui.engine.workers.dispatch import TICK_S

ResultT = TypeVar("ResultT")


def aside(look: Callable[[], ResultT], cancellation: Cancellation) -> ResultT:
    """Run `look` in a thread, which is abandoned on cancelling; return or raise what it does.

    A system call on a hanging network share returns only when the share does, and nothing can interrupt it.
    `look` must not touch the bytes of samples, which only workers may read.
    """
    answer: Future[ResultT] = Future()

    def run() -> None:
        try:
            answer.set_result(look())
        except BaseException as error:  # noqa: BLE001 - raised again by `answer.result`
            answer.set_exception(error)

    threading.Thread(target=run, name="look aside", daemon=True).start()
    while not wait_for([answer], TICK_S).done:
        cancellation.check()
    return answer.result()
