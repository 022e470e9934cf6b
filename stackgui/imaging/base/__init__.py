"""What every decoder needs: its declaration, what it has to do, bytes, errors, limits, doubts.

No decoder and no library of one.
"""
