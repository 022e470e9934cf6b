"""Pixels to disk or memory, the stack's folder, and reading it back.

One file per store, all behind `ArrayStore`; `StackWriter` makes a stack's folder and `open_stack` reads one.
"""
