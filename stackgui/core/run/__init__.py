"""Values of a run: what it takes, its batches, what became of each row, what it leaves.

The work itself is done by the engine.
"""
