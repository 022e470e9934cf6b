"""From sources to a catalog, with a cache.

Nothing is decoded beyond headers and a few samples.
"""
