"""HEIC as one more plugin of Pillow: importing this module is what registers it."""

import pi_heif

pi_heif.register_heif_opener()
