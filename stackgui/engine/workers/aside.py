"""Looks at the sources' folders that are so short that no worker is started for them."""

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
    """What `look` returns or raises, from a thread of its own that is left behind on cancelling.

    A look at a network that hangs does not return before the network does, and nothing can end it. It must
    not touch the bytes of samples: those are for workers alone.
    """
    answer: Future[ResultT] = Future()

    def run() -> None:
        try:
            answer.set_result(look())
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            answer.set_exception(error)

    threading.Thread(target=run, name="look aside", daemon=True).start()
    while not wait_for([answer], TICK_S).done:
        cancellation.check()
    return answer.result()
