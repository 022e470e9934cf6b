"""Small widgets that show values of `core`.

Nothing that knows where these values come from.
"""
