"""Labels, classes and dataset splits: from folders, from names, or by shares.

Lists of files that state labels are read in `lists`.
"""
