"""What people are told before a run: estimates, warnings, savings, and what to do about them.

Code here reads plans; code that changes or carries out a plan belongs elsewhere.
"""
