"""What a finished stack holds beside its arrays: `stack.json`, manifests, tables.

Whether a stack is complete is known in `recovery`.
"""
