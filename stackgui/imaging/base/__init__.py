"""What every decoder needs: bytes, errors, limits, doubts.

No decoder and no library of one.
"""
