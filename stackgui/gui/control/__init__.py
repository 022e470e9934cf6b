"""The behaviour of the window: background jobs, transitions, and the state that panels show.

No widgets belong here.
"""
