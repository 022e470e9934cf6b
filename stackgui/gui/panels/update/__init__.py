"""The panel that brings a finished stack up to date.

Belongs here: what people see and choose of an update. What does not: the work itself.
"""
