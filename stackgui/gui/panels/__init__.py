"""The window's parts: each shows the screen and tells by signals what the person wants."""
