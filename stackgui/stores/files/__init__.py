"""Files and folders in general: durable writes, deletion, locks, and errors in plain language.

Nothing here knows what a stack is.
"""
