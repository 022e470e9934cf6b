"""Write rows to array files or memory: each kind of store is one file, and all share one interface.

Tables beside the arrays belong to `format`.
"""
