"""Carries out plans on a Dask cluster: connecting, hosts, tasks. The only room that imports Dask.

What a task does with its rows is decided in `running`, as on one machine.
"""
