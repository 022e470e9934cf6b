"""The self-test of an installed program: decoders, workers, window, languages and what the desktop is asked.

It uses the program through the engine and the window, and knows nothing of how they work inside.
"""
