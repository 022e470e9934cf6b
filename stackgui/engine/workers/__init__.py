"""Processes that look at untrusted bytes: pool, tasks, shared memory, limits, dispatch.

The rooms `scanning` and `running` decide which tasks to run.
"""
