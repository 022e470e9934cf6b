"""Which formats there are, and which decoder reads given bytes.

No decoding.
"""
