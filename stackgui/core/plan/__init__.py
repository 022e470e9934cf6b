"""Options applied to a catalog: every row, its place and its numbers.

Nothing here is carried out, and nothing is advised.
"""
