"""What survives a kill or a power cut: journal, marks, backups, resuming, cleaning up.

Reading a finished stack is `stack`.
"""
