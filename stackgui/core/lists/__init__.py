"""Lists of files with paths, labels and splits: how to read them, and which files their names mean.

Nothing here opens a file; the engine passes the text in.
"""
