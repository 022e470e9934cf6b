"""What people are told before a run: estimates, warnings, savings, and what to do about them.

Nothing here changes a plan.
"""
