"""What people pick: folders, lists, single files; how they are walked and read.

Archives are read in `archives`.
"""
