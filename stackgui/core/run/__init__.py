"""The values of a run: its options, its batches, the result of each row, its progress and its report.

The work itself is done by `stackgui.engine`.
"""
