"""Write, read, verify and retry a stack as a whole.

The rooms below handle its single files.
"""
