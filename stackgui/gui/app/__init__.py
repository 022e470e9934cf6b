"""Puts the program together: start, main window, preferences, help.

No decision about samples or plans.
"""
