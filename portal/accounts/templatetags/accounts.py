"""What pages of accounts need and no view gives."""

from __future__ import annotations

import base64
from collections.abc import Iterable

from django import template

register = template.Library()


@register.simple_tag
def codes_file(codes: Iterable[str]) -> str:
    """Return the codes as an address that is a file: shown once, they are saved without asking the server again."""
    text = "".join(f"{code}\r\n" for code in codes)
    return "data:text/plain;base64," + base64.b64encode(text.encode()).decode()
