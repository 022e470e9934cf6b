"""The panel of the queue: stacks that are made one after another.

What decides which job runs next belongs in `stackgui.gui.control`.
"""
