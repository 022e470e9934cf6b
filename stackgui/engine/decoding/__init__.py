"""From the bytes of a file to the pixels of its row, inside a worker.

Which rows are made is decided elsewhere.
"""
