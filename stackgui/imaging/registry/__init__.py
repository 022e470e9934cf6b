"""The registry of formats: recognises files and dispatches to their decoders.

Contains no decoder.
"""
