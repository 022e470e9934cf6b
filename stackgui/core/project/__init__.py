"""Projects: all that a person chose, as one value that can be saved, with its undo history.

Code that reads or writes project files belongs in `stackgui.engine`.
"""
