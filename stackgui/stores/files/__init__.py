"""Files and folders as such: durable writes, deleting, locks, failures in plain language.

Nothing that knows what a stack is.
"""
