"""Survive a kill or a power cut: the journal, marks, backups, resuming and cleaning up.

Reading a finished stack belongs to `stack`.
"""
