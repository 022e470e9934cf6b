"""Options applied to a catalog: every row, its place and its numbers.

Code that carries a plan out belongs in `stackgui.engine`; estimates and warnings belong in `advice`.
"""
