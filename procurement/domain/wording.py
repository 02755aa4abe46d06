"""What people write in the course of a procedure: cleaned, and refused when it is empty or too long."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused


def optional_text(text: str, *, longest: int) -> str:
    """Return what may be left out, with the ends of lines as the portal has them; raises `StepRefused`."""
    clean = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(clean) > longest:
        raise StepRefused(_("Make it shorter: at most %(count)d characters.") % {"count": longest})
    return clean


def required_text(text: str, *, empty: str, longest: int) -> str:
    """Return what has to be written; raises `StepRefused`, with the sentence `empty` where nothing is."""
    clean = optional_text(text, longest=longest)
    if not clean:
        raise StepRefused(empty)
    return clean


def sum_words(value: Decimal) -> str:
    """Return a sum to the kopiika as the reader's language groups it, without its currency."""
    return number_format(value, 2, force_grouping=True)
