"""What the window does: jobs, answers, and the state that panels show.

No widget is made here.
"""
