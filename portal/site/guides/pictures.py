"""Pictures of pages at the two widths that screens need, found in two queries however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Prefetch, prefetch_related_objects
from wagtail.images import get_image_model

NARROW: Final = "width-480"
WIDE: Final = "width-960"


@dataclass(slots=True)
class Picture:
    """`narrow` and `wide` are Wagtail's renditions."""

    narrow: Any
    wide: Any


def show_pictures(bodies: Iterable[Any]) -> None:
    """Put what is drawn into `live` of every picture block."""
    values = [part.value for body in bodies for part in body if part.block_type == "picture"]
    images = [value["image"] for value in values if value.get("image")]
    if not images:
        return
    kept = get_image_model().get_rendition_model().objects.filter(filter_spec__in=[NARROW, WIDE])
    prefetch_related_objects(images, Prefetch("renditions", queryset=kept, to_attr="prefetched_renditions"))
    for value in values:
        if value.get("image"):
            made = value["image"].get_renditions(NARROW, WIDE)
            value.live = Picture(made[NARROW], made[WIDE])
