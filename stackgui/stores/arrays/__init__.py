"""Rows to array files or memory: one file per store, all alike from outside.

Tables beside the arrays belong to `format`.
"""
