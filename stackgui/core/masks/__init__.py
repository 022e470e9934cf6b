"""Which pictures are masks of which others, by their names and their headers.

No pixels are read here, and what masks become in a stack is decided in `plan`.
"""
