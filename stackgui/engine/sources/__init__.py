"""What people pick: folders, lists, single files; how they are walked and read.

The room `archives` reads archives.
"""
