"""Write stacks to buckets as groups of Zarr: the place, its journal and its shards, and read them back.

What speaks with servers is in `files`, and what a group looks like in `export`.
"""
