"""Assembles the program: start-up, main window, preferences, help.

No decisions about samples or plans belong here.
"""
