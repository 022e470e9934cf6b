"""The search for a few target sizes that hold many samples with little padding.

Pure numbers: no catalog and no options.
"""
