"""Archives read in place, in a worker: what they hold, and the bytes of their samples."""
