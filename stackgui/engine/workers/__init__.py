"""Processes that look at untrusted bytes: pool, tasks, shared memory, limits, dispatch.

What the tasks are for is decided in `scanning` and `running`.
"""
