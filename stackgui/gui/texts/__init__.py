"""The wording of the window: sentences and figures made from values.

No Qt widgets belong here.
"""
