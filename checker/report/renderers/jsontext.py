"""JSON as text."""

from __future__ import annotations

import json
from typing import Any


def dump(value: Any) -> str:
    """JSON text with an end of line."""
    return json.dumps(value, indent=1) + "\n"
