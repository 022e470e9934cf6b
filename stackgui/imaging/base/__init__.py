"""What all decoders share: the interface, format declarations, byte access, errors, limits and doubts.

Contains no decoder, and imports no decoding library but Pillow.
"""
