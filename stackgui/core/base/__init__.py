"""What everything else is made of: columns, numbers as text, errors, warnings, plain choices.

Nothing that knows what a sample, a plan or a stack is.
"""
