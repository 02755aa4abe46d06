"""Fields that many parts of contracts and competitions have."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from portal.site.opendata.objects.fields import Field, number, text

LOG: Final = number("log_seq", _("entry of the decision log"), nullable=True)
DIGEST: Final = text("digest", _("SHA-256 of the paper, as the decision log has it"))
HIDDEN: Final = ("", "unknown", "few", "tells")


def people(name: str) -> tuple[Field, Field]:
    """Return a number of people with why it is not told: unknown, under five, or it would give such a one away."""
    return (
        number(name, _("people; never a number under five"), nullable=True),
        Field(f"{name}_hidden", "string", _("why the number is not told"), enum=HIDDEN),
    )


def maybe(name: str, description: Any, enum: Any) -> Field:
    return Field(name, "string", description, enum=("", *enum.values))
