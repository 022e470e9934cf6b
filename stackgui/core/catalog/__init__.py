"""The table of samples: what their headers say, figures about them, and selections of them.

Deciding what becomes of the samples is the job of `options` and `plan`.
"""
