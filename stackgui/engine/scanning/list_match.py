"""Matches a list of labels with the samples of a catalog in a worker."""

from __future__ import annotations

from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.lists.label_lines import LabelLines
from stackgui.core.lists.list_look import ListOffer
from stackgui.engine.scanning.archive_queue import OneBatch
from stackgui.engine.sources.label_list import Samples, labelled, read_labels, without_list
from stackgui.engine.sources.own_lists import SeenList, look_at, possible_lists, ranked
from stackgui.engine.workers.control import Steering
from stackgui.engine.workers.dispatch import Dispatch
from stackgui.engine.workers.workers import Workers

LIST_S = 600.0
"""Time for reading a list and finding its files, on top of the limit for one sample."""


def match_list(options: ScanOptions, catalog: Catalog, workers: Workers, steering: Steering) -> LabelLines:
    """Read the list of labels in `options`, and match its lines with the samples of `catalog`.

    Raises
    ------
    UsageError
        When the worker that reads it is lost.
    Cancelled
    """
    arguments = (options.label_list, options, Samples.of(catalog))
    dispatch: Dispatch[OneBatch, LabelLines] = Dispatch(
        workers.here, steering, read_labels, lambda _batch, _slot: arguments,
        slots=2 * workers.count + 1, more_s=lambda _batch: LIST_S,
    )  # fmt: skip
    done = next(iter(dispatch.run([OneBatch(0)])))
    if done.result is None:
        raise UsageError(
            say(
                "{list} cannot be used as a list of labels: {reason}.",
                list=printable(options.label_list),
                reason=done.reason,
            )
        )
    return done.result


def with_label_list(
    catalog: Catalog, workers: Workers, steering: Steering, *, may_do_without: bool
) -> Catalog:
    """Return `catalog` with what its list of labels says, if it has one.

    Parameters
    ----------
    may_do_without
        Whether a list that makes no sense is a warning, and the catalog goes on without it.

    Raises
    ------
    UsageError
        When the list makes no sense, unless the catalog may do without it.
    Cancelled
    """
    options = catalog.scan_options
    if not options.label_list:
        return catalog
    try:
        return labelled(catalog, options.label_list, match_list(options, catalog, workers, steering))
    except UsageError as error:
        if not may_do_without:
            raise
        return without_list(catalog, str(error))


def lists_among(catalog: Catalog, workers: Workers, steering: Steering) -> list[ListOffer]:
    """Return the files among the pictures that may be lists of their labels, the likeliest first."""
    names = possible_lists(catalog)
    dispatch: Dispatch[OneBatch, SeenList] = Dispatch(
        workers, steering, look_at, lambda batch, _slot: (names[batch.index],), slots=2 * workers.count + 1
    )
    seen = {
        names[done.batch.index]: done.result or SeenList()
        for done in dispatch.run(map(OneBatch, range(len(names))))
    }
    return ranked(catalog, {name: seen[name] for name in names if name in seen})
