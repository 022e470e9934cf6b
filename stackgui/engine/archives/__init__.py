"""Archives read in place, in a worker: what they hold, and the bytes of their samples.

Which archives there are is found out in `scanning`.
"""
