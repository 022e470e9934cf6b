"""Archives read in place, in a worker: what they hold, and the bytes of their samples.

The room `scanning` finds the archives.
"""
