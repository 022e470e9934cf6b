"""The window's parts: each shows the screen, and says by signals what the person wants.

No panel carries anything out; that is up to `control`.
"""
