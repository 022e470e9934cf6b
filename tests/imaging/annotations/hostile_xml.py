"""XML that attacks, or was damaged on its way."""

from __future__ import annotations

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]>"
)
"""A billion laughs; the entity ``j`` is all of them."""
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>'
"""The entity ``j`` is a file of the machine that reads."""
NESTED = "<a>" * 100_000
