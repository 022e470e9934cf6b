"""A stack as a whole: written, read, verified, retried.

Single files are handled in the rooms below.
"""
