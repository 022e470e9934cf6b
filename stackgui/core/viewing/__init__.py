"""What one sees of a stack or of another array of pictures: its rows and their values.

Values only; the reading is done by `stackgui.engine`.
"""
