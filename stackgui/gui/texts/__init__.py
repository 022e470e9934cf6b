"""Sentences and figures as the window words them.

No Qt widget.
"""
