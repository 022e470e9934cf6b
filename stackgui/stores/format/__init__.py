"""The files beside the arrays of a finished stack: `stack.json`, manifests, tables.

Whether a stack is finished at all is decided in `recovery`.
"""
