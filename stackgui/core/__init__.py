"""What is true of a dataset: catalog, statistics, options, plan, estimate.

No Qt, no decoder, no process, and no file but what is handed in.
"""
