"""What a person chooses about a stack, with presets and the history of choices.

What a choice does to samples is worked out in `plan`.
"""
