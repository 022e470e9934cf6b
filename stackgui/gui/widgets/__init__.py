"""Small widgets that show `core` values, and know nothing of where these come from."""
