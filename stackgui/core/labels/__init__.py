"""Labels, classes and dataset splits that come from folders, from file names, or from shares.

Lists of files that give labels are read in `lists`.
"""
