"""From the bytes of a file to the pixels of its row, inside a worker.

Other rooms decide which rows to render.
"""
