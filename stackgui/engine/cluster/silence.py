"""How long somebody of a cluster may be silent before the others go on without them.

Heartbeats come from the thread of a Dask worker that does nothing but talk. Decoders are other processes, and
what writes rows lets go of the interpreter while it waits for a disk, so no busy worker is silent for long:
two workers of 32 decoders each, on two processors with other programs (a load of 39), were for 1.5 s at most.
"""

WORKER_S = 15.0
"""After so long others do the work of a worker: thirty heartbeats. A host that swaps, or a virtual machine
that is moved, is away for some seconds. Who is given up wrongly costs its tasks' seconds, and its start."""

CONNECTION_S = 15.0
"""After so long a connection counts as cut on which nothing is confirmed: then a worker ends itself, and
whoever converts looks for another scheduler. Networks that find another way take some seconds."""

RIGHT_S = 10.0
"""So long a worker writes without having heard that the scheduler still counts on it: for less time than
passes until others do its work."""
