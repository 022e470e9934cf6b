"""Lists of files that a person or a dataset brings: how they are read and which files they mean.

No file is opened here; the engine hands in the text.
"""
