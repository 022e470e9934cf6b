"""From sources to a catalog, with a cache.

Scans decode headers and a few samples, nothing more.
"""
