"""What people typed, fit for files that programs read: XML and calendars know no control characters."""

import re
from typing import Final

_NOT_IN_FILES: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def without_controls(text: str) -> str:
    """Return the text without the characters that no such file may hold; line breaks and tabs stay."""
    return _NOT_IN_FILES.sub("", text)
