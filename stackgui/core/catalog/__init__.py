"""The table of samples: what headers say of them, and which of them are picked out.

What is to become of samples is decided in `options` and `plan`.
"""
