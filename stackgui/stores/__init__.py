"""Write pixels to disk or memory, and write, resume, read and export the folder of a stack.

Each kind of store is one file behind `ArrayStore`; `StackWriter` makes a stack and `open_stack` reads one.
"""
